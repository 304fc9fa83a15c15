"""Text, CSV, packings and folders: data files of any content, read as tables."""
