"""From counts to what they say: estimates with intervals, comparisons, reports."""
