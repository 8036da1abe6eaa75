"""What each kind of agent does in a month: one file a kind, one function of one row."""
