"""Engines: they run the model's kernels over many chains, retell one, or solve it exactly."""
