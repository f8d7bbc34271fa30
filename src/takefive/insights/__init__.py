"""A transcript in; the few insights worth keeping out, each with its proof.

Comes in: a `TimedText`. Goes out: `DraftInsight`s, best first: headline, text, topics, kind, and the verbatim quote with
speaker and times. Does not know: podcasts, readers, tables; nothing here needs a network or a language model.
"""
