"""The version of the science, apart from that of the software."""

MODEL_VERSION = 3  # raised by hand exactly when the golden file changes; part of every run's identity
