"""Several crises in one chain: what each leaves, carried to the next."""
