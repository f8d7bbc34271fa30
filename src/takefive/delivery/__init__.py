"""A composed brief with its insights in, a message out; and when it is due.

Comes in: what a message must say, a reader's zone and hour, `now`. Goes out: an `EmailMessage`, a decision.
Does not know: tables, which brief is whose.
"""
