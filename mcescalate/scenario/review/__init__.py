"""What a valid scenario contains, what it rests on, and what in it has no effect."""
