"""Tables of indicators, and the statistics that every analysis starts from."""
