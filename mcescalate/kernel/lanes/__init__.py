"""Words and numbers side by side: many random words, sums or bits at a time."""
