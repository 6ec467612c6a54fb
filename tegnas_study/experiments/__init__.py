"""Searches as experiments: a method, a space, where values come from, and seeds in; histories, tables, files out.

`search` knows methods only and `analysis` tables only; what brings both together with images, the atlas and the
benchmark is here. Requests are made and checked without torch (`request`); running one takes it (`run`).
"""
