"""Free values, what disputes say of them, and the files of a fit."""
