"""What the concept chapters draw and count: small examples in which an idea can be seen, exact where possible."""
