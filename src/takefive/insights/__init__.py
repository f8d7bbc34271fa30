"""A `TimedText` in, the few `DraftInsight`s worth keeping out, each grounded in a verbatim quote.

Comes in: a transcript and what is known of the episode. Goes out: drafts, best first.
Does not know: feeds, readers, tables.
"""
