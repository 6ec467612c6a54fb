"""What lies in ``data/``: a contract for every column, what every file is, and the descriptions made from both.

`columns` and `quoted` are the one home of names, meanings, units and ranges; `kinds` says which table has which;
`contents` reads the folder. From these are made the checks (`checks`), the tables of columns in ``data/README.md``
(`page`) and ``data/croissant.json`` (`croissant`); ``make data`` does all three.
"""
