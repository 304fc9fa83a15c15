"""What is said of a valid scenario: what is in it, what it rests on, what has no effect."""
