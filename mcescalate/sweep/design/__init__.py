"""From a plan file to points: which scenario, seed and number of chains each point has."""
