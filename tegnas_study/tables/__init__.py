"""Tables of indicators, and the statistics that every analysis starts from.

`atlases` reads the committed tables, `repeats`, `samples` and `sample_of_200` take parts of them, and `frames`
evaluates, averages and joins. `ranking` orders, and `bootstrap` says how sure a number is. `sizes` and
`darts_sizes` count what a network costs, and `study_rows` says what a row of Tables 2 and 5 is.
"""
