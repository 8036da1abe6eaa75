"""Calibration on published series, and validation on points that were left out."""
