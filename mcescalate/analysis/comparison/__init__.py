"""Counterfactuals on common random numbers: two scenarios, or every lever of one."""
