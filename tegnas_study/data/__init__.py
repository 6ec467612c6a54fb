"""Images and benchmark tables: readers of many sources."""
