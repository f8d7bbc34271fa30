"""Every table but the reader's, with one migration history.

Comes in: what the steps of the pipeline save. Goes out: rows and querysets. Does not know: how anything in them was made.
"""
