"""The laws of the model: scalar functions without chance, one file a mechanism, each with its source."""
