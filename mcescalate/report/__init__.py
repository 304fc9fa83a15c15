"""A result as one page: question, answer, figures, tables and provenance."""
