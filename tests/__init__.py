"""Tests: rules by hand, drivers, invariants, directions, commands."""
