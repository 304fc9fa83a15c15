"""Results: what is counted, as labelled datasets with their provenance, safely on disk."""
