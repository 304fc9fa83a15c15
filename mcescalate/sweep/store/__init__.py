"""A sweep's folder on disk: shards, manifest, and which sweep they belong to."""
