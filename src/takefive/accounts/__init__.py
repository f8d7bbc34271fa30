"""The reader: who gets a brief, when, and about what. The only table of persons."""
