"""A dispute between two as a small Markov chain, with exact probabilities of what comes next."""
