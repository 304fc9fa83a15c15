"""Published data files into scenarios.

`files` reads text as tables, `datasets` gives the rows of each published data set their meaning,
`build` turns these into the rows of a scenario, and `importer` puts the scenario together.
docs/importing.md describes the whole. Imports go one way: importer, build, datasets, files.
"""
