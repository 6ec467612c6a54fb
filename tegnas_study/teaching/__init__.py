"""What the concept chapters build on: examples small enough to see, with their exact answers."""
