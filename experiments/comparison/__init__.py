"""What policies change, how surely, for whom, when and at what price: estimates and tables from paired runs."""
