"""The paper pack: every figure and table of a paper from plans, at journal widths, the same bytes each time."""
