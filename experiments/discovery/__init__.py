"""Scenario discovery: in which futures a policy fails, what these have in common, and which policy is robust.

Levers are what policies move; uncertainties are what nobody chooses. A future is one point of the uncertainties under
seeds of its own; every policy meets the same futures. Method: Bryant & Lempert 2010, Technological Forecasting and Social
Change 77; Lempert, Popper & Bankes 2003, Shaping the Next One Hundred Years.
"""
