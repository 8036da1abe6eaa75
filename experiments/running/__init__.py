"""Runs: one attempt, workers, clusters, interruption, progress."""
