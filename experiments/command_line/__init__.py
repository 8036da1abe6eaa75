"""What the commands of run.py do: find files, ask one question, say where the answer is."""
