"""Insights in, the links between them out: same point, related.

Comes in: texts, vectors and what they belong to. Goes out: vectors, and decisions with a score and a reason.
Does not know: tables, readers, how neighbours are stored or searched.
"""
