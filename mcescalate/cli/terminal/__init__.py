"""The terminal and the process: streams, progress, signals."""
