"""How files are written and read: whole or not at all, by one writer at a time, with what they follow from.

`lock` makes sure that an output has one writer, `journal` keeps every finished row while a run goes on, `atomic`
exchanges a file as a whole, and `parquet` writes and reads tables with facts beside the rows.
"""
