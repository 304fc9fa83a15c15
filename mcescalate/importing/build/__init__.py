"""From the evidence of a day to the rows of a scenario, and its text."""
