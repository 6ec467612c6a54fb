"""The figures of the concept chapters."""
