"""A `ParsedFeed` and what we had in, what changed and what is worth transcribing out.

Comes in: parsed values and the known episodes. Goes out: decisions. Does not know: HTTP, tables, clocks (`now` is given).
"""
