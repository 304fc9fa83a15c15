"""Engines: they run the model's kernels over many chains, describe one, or solve it exactly."""
