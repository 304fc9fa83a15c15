"""One way to change a scenario: addresses of values, edits in one word, overlays of whole rows."""
