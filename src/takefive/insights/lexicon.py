"""Small closed lists of English words that the writing rules share."""

from __future__ import annotations

import re


def words_of(words: str) -> frozenset[str]:
    """The words of a list written with spaces between."""
    return frozenset(words.split())


LEANING = words_of("""
    it that this they he she those these them there here its it's that's this's they're he's she's they've they'd
    they'll he'd she'd it'd that'd it'll there's there're that'll which one his her their him such both neither either none
""")
"""Words that point to something said before."""
FIRST_PERSON = words_of("i i'm i've i'd i'll we we're we've we'd we'll my our me us mine ours myself ourselves")
SECOND_PERSON = words_of("you you're you've you'd you'll your yours yourself")
OPENERS = words_of(
    "so and but or yeah well because i think now then right okay like actually i mean you know again also"
)
"""Words that may stand before the first that matters."""
CONDITIONAL = words_of(
    "if when whenever unless until till while whether once since as though although whereas assuming provided how even"
)
"""Words that open what a main clause hangs on."""
CONCEDING = words_of("since as how even")
"""Of these, what may be left off at the end without turning the claim round."""
WEAK_END = words_of("""
    just even really very also only too so then there here like it that this them thing things stuff way lot kind
    sort bit something one well actually now more most much is are was were be been have has had do does did can
    will would could should able going gonna trying to of getting being having not as right basically literally
    always never whatever times having
""")
HYPOTHETICAL = re.compile(
    r"\b(?:imagine|let's say|let us say|say you|what if|suppose|pretend|as if|hypothetical\w*|in theory|in an ideal world"
    r"|(?:would|could|might|should)(?:n't| not)?(?:'ve| \w+ have| have))\b",
    re.IGNORECASE,
)
"""Marks of a sentence that only plays a case through."""
LENT = re.compile(
    r"\b(?:(?:people|they|he|she|somebody|someone|everybody|everyone|some|many|folks)(?: \w+)?"
    r"(?: say| says| said| saying| think| thinks"
    r"| thought| believe| argue| argued| claim| claimed|(?:'re|'s| are| is| were| was) like)|so that|make sure|makes sure|ensure"
    r"|want(?:s|ed)? to (?:say|know)|pretended?|myth|misconception|the (?:idea|goal|promise|hope|dream|argument|aim) (?:is|was))\b",
    re.IGNORECASE,
)
"""A sentence after which the next may still be others' words, or an aim and no fact."""
TURNING = re.compile(
    r"(?:and |so |yeah, )*(?:but|however|except|unless|although|though|yet|or|whereas|then again|that said|not|no,|just kidding"
    r"|as long as|provided|only if|only when|if not|on the other hand|at least|well, not)\b"
    r"|(?:and |but |so )*(?:that|this|it|which)(?:['’]s| is| was| isn['’]t| wasn['’]t)(?: (?:just|really|very|also|not|all|actually"
    r"|completely|totally|super),?)*(?: (?:a|an|the|my))? (?:\w+ )?(?:bad|wrong|not|crazy|terrible|awful|false|untrue"
    r"|ridiculous|insane|myth|lie|mistake|joke|problem"
    r"|true|case|nonsense|stupid|dangerous|misconception|reality|question)\b",
    re.IGNORECASE,
)
"""A sentence that takes back, narrows or condemns the one before."""
CASE = re.compile(r"(?:and |so |but |or )*(?:like|say|for example|for instance|as though|such as)\b", re.IGNORECASE)
"""The opening of a sentence that plays an example through."""
COMPLEMENT = re.compile(
    r"\b(?:say|says|said|saying|thinks?|thought|believes?|believed|claims?|claimed|told|tell|tells|asks?|asked"
    r"|(?:'re|'s|'m|are|is|was|were) like|hopes?|hoping|hoped|wish\w*|wants?|wanted|pretend\w*|assum\w*|argu\w*|worr\w*|guess"
    r"|feels?|felt|wonder\w*|would|might|maybe|perhaps|probably|supposed|expect\w*)\b"
)
"""Words before a clause that may make it another's, a wish or a guess."""
NEGATION = re.compile(r"\b(?:not|no|never|nobody|nothing|none|only|neither|hardly|without|just|\w+n't)\b")
_DISCOURSE = (
    r"and|but|well|yeah|yes|yep|no|now|right|okay|ok|oh|look|see|like|again|exactly|sure|absolutely|totally|definitely|anyway"
    r"|anyways|also|plus|actually|basically|essentially|honestly|literally|obviously|frankly|really|interestingly|of course"
    r"|for sure|in fact|to be honest|that said|i mean|you know|by the way|remember|as you know|as we all know"
    r"|generally speaking|at the end of the day|in other words|on the other hand|at the same time|frankly speaking|like i said"
    r"|as i said|for (?:me|example|instance)|as a result|in (?:practice|reality|the end|my experience|my opinion|my mind)"
    r"|ultimately|fundamentally|unfortunately|luckily|interestingly enough|surprisingly|for the most part"
    r"|in general though|in general|then again|so|because"
)
_HEAD = (
    r"(?:thing|part|fact|truth|reality|problem|point|lesson|irony|upshot|trick|key|result|difference|catch|challenge)"
)
_FRAME = (
    r"(?:i|we)(?:'ve| have)? (?:honestly |really |also |just |actually |always |come to |tend to |firmly )*"
    r"(?:think|believe|feel like|noticed|realized|realised|realize|found out|found|learned|discovered|would say|would argue"
    r"|would think|know|said this|say)(?: that)?"
    r"|i'd (?:say|argue)(?: that)?|what (?:\w+ ){1,4}(?:is|was)(?: that)?(?= (?:the|a|an|[A-Z]\w+) )"
    r"|(?:it )?(?:turns|turned) out(?: that)?"
    r"|the (?:\w+ )?(?:thing|reality|truth|point|fact|problem|difference)(?: here)? is(?: that)?|the thing"
    r"|(?:many|most|a lot of|some) people don't (?:realize|know|understand)(?: that)?(?:, but)?"
    r"|(?:you|we|people)(?:'ve)? (?:have to|need to|gotta|got to|should) (?:remember|understand|realize|recognize|keep in mind)"
    r"(?: that)?|you(?:'ll)? (?:find|notice|realize)(?: that)?"
)
_FACTIVE = (
    rf"(?:one of )?(?:the|my|our)(?: \w+){{0,2}} {_HEAD}s?(?: (?:\w+['’]?\w*)){{0,6}}? (?:is|was) that"
    r"|(?:and |but |so )*i'm (?:\w+ )?(?:by the fact|convinced|a firm believer|of the opinion|a big believer)(?: in the fact)? that"
    r"|it(?:'s| is) (?:\w+ )?(?:the case|true|clear|obvious|worth noting|important to note|interesting|funny|crazy|amazing"
    r"|fascinating)(?: to me)? that|my (?:\w+ )?(?:view|take|feeling|opinion|experience|belief) is that"
    r"|what (?:(?!if\b)[\w'’]+ ){1,5}(?:is|was) that|(?:i|we)(?:'ve| have)? (?:\w+ )?(?:realized|learned|discovered|noticed|found)"
    r"(?: \w+){0,2} that"
)
"""Openings after which a claim is made outright, whatever word it begins with."""
_FOLLOWS = (
    r"i|we|you|it|they|he|she|the|a|an|this|that|there|in|on|at|if|when|what|my|our|your|these|those|people|most|many|some|every|all|one"
    r"|i'm|we're|you're|it's|they're|there's|that's|even|having|being|as|for|by|with|from|to|not|more|think|believe"
)
LEAD = re.compile(
    rf"^(?:(?:{_FACTIVE})\s+|(?:{_DISCOURSE}|{_FRAME})\b(?:\s*(?:,|--|–|-(?=\s)|\.\.\.|…|:)\s*|\s+(?=(?:{_DISCOURSE}|{_FOLLOWS}|\d+)\b))"
    r"|(?:and|but|well|yeah|plus)\s+|so\s+(?!far|much|many|long|few|little|that\b)|because\s+(?!of\b)"
    rf"|(?:i think|i believe|i'd say)(?: that)?\s+)+",
    re.IGNORECASE,
)
"""Openings that say nothing of their own: "And so I think that ...", "What we found is that ..."."""
ASIDE = re.compile(
    r",\s*(?:once again|again|by the way|for instance|for example|of course|you know|i mean|i think|i believe|as we all know"
    r"|frankly|honestly|obviously|in fact|in my opinion|in my view|as you know|as (?:i|you|we) (?:said|mentioned)"
    r"|like i said|if you will|unfortunately"
    r"|[A-Z][a-z]+,? for instance)\s*,\s*|(?<!not)(?<!n't)(?<!not )\s(?:actually|basically|essentially|literally|obviously|honestly"
    r"|really|definitely|certainly|clearly"
    r"|pretty much|generally speaking|quite literally)\s(?!not\b)"
    r"|(?<!not)(?<!n't)\s(?:just|very|also|quite|super|simply)(?=\s(?!(?:not|an?|one|two|because|the|like|as|by|in|if|for)\b|\d))"
    r"|(?<=\w)(?<!thing)(?<!look)(?<!looks)(?<!looked)(?<!feel)(?<!feels)(?<!felt)(?<!sound)(?<!sounds)\slike\s"
    r"(?=\d|(?:of|everyone|every|two|three|four|five|six|seven|eight|nine|ten|a hundred|a thousand)\b)"
    r"|,\s*(?:as (?:you|i|we) (?:said|say|mentioned|know)|right|you know|as well|too|full stop|honestly|frankly|basically"
    r"|in a way|if you will|so to speak|for sure)(?=[.;]?$)"
    r"|,?\s(?:or|and) (?:something|whatever|whatnot|stuff|things like that|so on|so forth|all that)(?: like that)?(?=[,.;…]|$)",
    re.IGNORECASE,
)
"""Words within a sentence that may go without a trace."""
_ARTICLE = re.compile(r"\b(an?)$", re.IGNORECASE)


def without_asides(sentence: str) -> str:
    """A sentence without what may go from inside it; "a very inefficient process" keeps its "very"."""

    def gone(match: re.Match[str]) -> str:
        article = _ARTICLE.search(sentence[: match.start()])
        vowel = sentence[match.end() :].lstrip()[:1].lower() in tuple("aeiou")
        return match[0] if article and (len(article[1]) == 2) != vowel else " "

    return " ".join(ASIDE.sub(gone, sentence).split())


VAGUE = words_of(
    "thing things stuff something somehow anything kind sort maybe probably guess whatever somebody someone etc"
)
EMPTY = re.compile(
    r"\b(?:sorry|hard to say|worth the read|i say|would argue|that's like|thing is|what i mean|you know|i don't know"
    r"|good question|makes? sense|talk(?:ing)? about|"
    r"i would say|as i said|like i said"
    r"|for example|that's it|i agree|we'll see|let's|let me|i love|i like|(?:pretty|very|super|"
    r"really) (?:cool|interesting|good|great)"
    r"|so much fun|thank|to be honest|(?:i'm|we're|you're|be|was|were|they're|he's|she's|it's|i|they|"
    r"and) like|that was (?:just|a|our|my)|so on|i'm not sure|i remember|i think|i guess|i mean|"
    r"that's (?:right|true|why)"
    r"|(?:an?|good|great|perfect) example|(?:first|second|third) one|off of my|not the case|"
    r"the same thing|a (?:good|great|huge) fan|funny|going (?:fast|there|on)"
    r"|i said|he said|she said|"
    r"they said|biased opinion|i don't mean|i tend to think|i don't care"
    r"|something happened|typically don't|the case with|pointed (?:that|it) out|reached out)\b"
)
"""Clauses that only talk about talking."""
STRONG = re.compile(
    r"\b(?:not|never|no|nobody|nothing|only|more|less|fewer|than|instead|most|biggest|best|worst|"
    r"every|always|without|fail\w*|wrong"
    r"|problem|mistake|cost\w*|need|must|should|can't|don't|won't|isn't|doesn't|didn't|hard\w*|"
    r"easi\w*|better|faster|cheaper|change\w*)\b|\d"
)
"""Words of a claim: it denies, compares, measures or demands."""
