"""The pages. Comes in: requests. Goes out: HTML, Atom, JSON. Does not know: how anything shown was made."""
