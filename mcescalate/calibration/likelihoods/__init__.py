"""Values that may be fitted, recorded disputes as observations, and their likelihoods."""
