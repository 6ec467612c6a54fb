"""The indicator card: one indicator, judged in every way that the tables allow.

`card` puts it together. `measured` finds the tables that hold an indicator, and `scored` joins scores with
accuracies; then there is one file for each part: `agreement`, `choosing` (short lists and random search), `noise`
(repeats), `duplicates` (equal functions), `labels` (permuted ones) and `sensitivity` (other choices). `words` says
a card in text, in Markdown and in JSON.
"""
