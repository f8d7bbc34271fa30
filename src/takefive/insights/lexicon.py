"""Small closed lists of English words that the writing rules share."""

from __future__ import annotations

import re


def words_of(words: str) -> frozenset[str]:
    """The words of a list written with spaces between."""
    return frozenset(words.split())


LEANING = words_of("""
    it that this they he she those these them there here its it's that's this's they're he's she's they've they'd
    they'll he'd she'd it'll there's there're that'll which one his her their him such both neither either none
""")
"""Words that point to something said before."""
FIRST_PERSON = words_of("i i'm i've i'd i'll we we're we've we'd we'll my our me us mine ours myself ourselves")
SECOND_PERSON = words_of("you you're you've you'd you'll your yours yourself")
OPENERS = words_of(
    "so and but or yeah well because i think now then right okay like actually i mean you know again also"
)
"""Words that may stand before the first that matters."""
JOINING = words_of("because and but so or then")
CONDITIONAL = words_of("if when unless until while whether once since as though although whereas before after than how")
CUTTING = words_of("if when unless while although though whereas which who whose where why")
"""Words before which a clause may be cut off and still stand."""
WEAK_END = words_of("""
    just even really very also only too so then there here like it that this them thing things stuff way lot kind
    sort bit something one well actually now more most much is are was were be been have has had do does did can
    will would could should able going gonna trying to of getting being having not as right basically literally
    always never whatever times having
""")
SAYING = words_of("""
    think know say said says mean guess feel believe hope suppose remember see tell told saying thought thinking
    realize realized find found imagine wonder want wanted wants need needed needs trying going gonna ask asked
    figure make makes made let lets
""")
VAGUE = words_of(
    "thing things stuff something somehow anything kind sort maybe probably guess whatever somebody someone etc"
)
EMPTY = re.compile(
    r"\b(?:thing is|what i mean|you know|i don't know|good question|makes? sense|talk(?:ing)? about|"
    r"i would say|as i said|like i said"
    r"|for example|that's it|i agree|we'll see|let's|let me|i love|i like|(?:pretty|very|super|"
    r"really) (?:cool|interesting|good|great)"
    r"|so much fun|thank|to be honest|(?:i'm|we're|you're|be|was|were|they're|he's|she's|it's|i|they|"
    r"and) like|that was (?:just|a|our|my)|so on|i'm not sure|i remember|i think|i guess|i mean|"
    r"that's (?:right|true|why)"
    r"|(?:an?|good|great|perfect) example|(?:first|second|third) one|off of my|not the case|"
    r"the same thing|a (?:good|great|huge) fan|funny|going (?:fast|there|on)|i said|he said|she said|"
    r"they said)\b"
)
"""Clauses that only talk about talking."""
STRONG = re.compile(
    r"\b(?:not|never|no|nobody|nothing|only|more|less|fewer|than|instead|most|biggest|best|worst|"
    r"every|always|without|fail\w*|wrong"
    r"|problem|mistake|cost\w*|need|must|should|can't|don't|won't|isn't|doesn't|didn't|hard\w*|"
    r"easi\w*|better|faster|cheaper|change\w*)\b|\d"
)
"""Words of a claim: it denies, compares, measures or demands."""
