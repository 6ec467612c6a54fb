"""Batches of images: the protocol of a source, drawing from it, and what an evaluation needs of it."""
