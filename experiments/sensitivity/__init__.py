"""Sensitivity analysis: which parameters drive an outcome, how sure that is, and how much of it is chance.

A method is a layout (which points are run), a statistic (indices from their outcomes) and one interval for all of them
(a jackknife over independent parts of the layout). SALib supplies the estimators it has.
"""
