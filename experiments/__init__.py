"""Questions asked of the model; each file is one question or one thing every question needs."""
