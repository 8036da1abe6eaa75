"""Measurements of the project itself: speed, memory, tests."""
