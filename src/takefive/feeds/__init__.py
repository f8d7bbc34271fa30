"""An address in, a `ParsedFeed` out, politely and safely.

Comes in: feed addresses and the validators of the last answer. Goes out: what the publisher says, as values.
Does not know: what we had before, how anything is stored, who reads it.
"""
