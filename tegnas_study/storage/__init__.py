"""How files are written and read: whole or not at all, one writer at a time, with what they follow from."""
