"""Small closed lists of English words that the writing rules share."""

from __future__ import annotations

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


LEANING = _set("""
    it that this they he she those these them there here its it's that's this's they're he's she's they've they'd they'll
    he'd she'd it'll there's there're that'll which one his her their him such both neither either none
""")
"""Words that point to something said before."""
FIRST_PERSON = _set("i i'm i've i'd i'll we we're we've we'd we'll my our me us mine ours myself ourselves")
SECOND_PERSON = _set("you you're you've you'd you'll your yours yourself")
JOINING = _set("because and but so or then")
CONDITIONAL = _set("if when unless until while whether once since as though although whereas before after than how")
WEAK_END = _set("""
    just even really very also only too so then there here like it that this them thing things stuff way lot kind sort bit something
    one well actually now more most much is are was were be been have has had do does did can will would could should able going
    gonna trying to of getting being having not as right basically literally always never whatever
""")
SAYING = _set("""
    think know say said says mean guess feel believe hope suppose remember see tell told saying thought thinking realize realized find
    found imagine wonder want wanted wants need needed needs trying going gonna ask asked figure make makes made let lets
""")
VAGUE = _set(
    "thing things stuff something somehow anything kind sort maybe probably guess whatever somebody someone etc"
)
EMPTY = re.compile(
    r"\b(?:thing is|what i mean|you know|i don't know|good question|makes? sense|talk(?:ing)? about|i would say|as i said|like i said"
    r"|for example|that's it|i agree|we'll see|let's|let me|i love|i like|(?:pretty|very|super|really) (?:cool|interesting|good|great)"
    r"|so much fun|thank|to be honest|i was like|it was like|so on|i'm not sure|i remember|i think|i guess|i mean|that's (?:right|true|why)"
    r"|(?:an?|good|great|perfect) example|(?:first|second|third) one|off of my|i said|he said|she said|they said)\b"
)
"""Clauses that only talk about talking."""
STRONG = re.compile(
    r"\b(?:not|never|no|nobody|nothing|only|more|less|fewer|than|instead|most|biggest|best|worst|every|always|without|fail\w*|wrong"
    r"|problem|mistake|cost\w*|need|must|should|can't|don't|won't|isn't|doesn't|didn't|hard\w*|easi\w*|better|faster|cheaper|change\w*)\b|\d"
)
"""Words of a claim: it denies, compares, measures or demands."""
