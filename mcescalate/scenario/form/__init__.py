"""What a scenario file may say: its tables and rows, and how they must agree."""
