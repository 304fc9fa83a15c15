"""A result as one page for people: question, answer, figures, tables, and where it comes from."""
