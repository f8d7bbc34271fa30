"""Candidates, a profile and the time in; a brief of at most five insights, each with its reason, out.

Comes in: insights as candidates, one reader's profile, `now`. Goes out: a `ComposedBrief`.
Does not know: tables, mail, clocks.
"""
