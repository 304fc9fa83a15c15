"""What published data sets look like, and what their rows mean."""
