"""From data sets to the rows of a scenario, its text and the report."""
