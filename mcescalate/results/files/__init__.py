"""Result files: written atomically, examined before reading, in canonical form."""
