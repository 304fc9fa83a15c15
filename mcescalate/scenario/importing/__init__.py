"""Published data files into scenarios.

`tables` reads CSV text, `layouts` knows which file is which, one module for each kind of file
gives its rows a meaning, `mapping` holds every number that is a choice, and `importer` puts a
scenario together. docs/importing.md tells the whole of it.
"""
