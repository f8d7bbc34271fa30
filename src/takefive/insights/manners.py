"""What no insight may hold, whoever wrote it: links, markup, hidden letters, orders, praise of the show.

These are checks by code. A transcript is hostile input: whatever it tells a language model to write is caught here.
"""

from __future__ import annotations

import re
import unicodedata

_ENDS = (
    "com|org|net|io|dev|ai|co|fm|me|app|info|biz|xyz|example|ru|cn|tv|gg|ly|sh|link|click|online|site|store|shop|club|top|"
    "live|onion|us|uk|de|eu|to|tk|test|invalid"
)
_LINK = re.compile(
    rf"""https?:|\b(?:ftp|file|javascript|data|mailto|tel|magnet|lightning|bitcoin):[^\s]|://|\bwww\s?\.
    | [\w.+-]+\s?@\s?[\w-]+\.[\w.]+ | \b[\w.+-]+\ (?:at|\(at\)|\[at\])\ [\w-]+\ ?(?:dot|\(dot\)|\[dot\])\ ?[a-z]{{2,6}}\b
    | \b(?:moc|gro|ten|oi|ved)\.[\w-]{{4,}} | \b[\w-]+\.(?:{_ENDS})/\S
    | \b[\w-]+\ ?(?:\ dot\ |\(dot\)|\[dot\]|\[\.\])\ ?(?:{_ENDS})\b
    | \bxn--
    | \b\d{{1,3}}(?:\.\d{{1,3}}){{3}}\b | (?:\+|\b00)\d[\d\ ()-]{{7,}}\d""",
    re.IGNORECASE | re.VERBOSE,
)
_DOMAIN = re.compile(rf"\b(?:[\w-]+\.)+(?:{_ENDS})\b", re.IGNORECASE)
_MARKUP = re.compile(
    r"""<\s*[a-zA-Z/!?][^<>]*>? | &(?:\#\d+|\#x[\da-f]+|[a-z]{2,8}\d?); | !?\[[^\]]*\]\s?\( | \[[^\]]*\]\[[^\]]*\] | \]\(
    | \*\*|__\w|``|`[^`]+` | ^\s{0,3}(?:\#{1,6}\s|>\s|[-*+]\s|\|) | ~~\w | \{\s*["'{%] | ["'\]]\s*\} | \}\s*,\s*\{ | "\s*:\s*[\["{]
    | \{\{|\}\}|\{% | \$\{ | <\|[^|]*\|> | \[/?(?:INST|SYS|system|user|assistant|url|img|b|i)\b[^\]]*\] | \\[nrtux][0-9a-f\\]
    | =(?:3D|\?utf) | \bon\w{4,12}\s*=\s*["'] | \b(?:script|iframe|onerror)\s*[=:] | \u2028|\u2029""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_CODED = re.compile(
    r"(?=[A-Za-z0-9+/_-]*[A-Z])(?=[A-Za-z0-9+/_-]*[a-z])(?=[A-Za-z0-9+/_-]*\d)[A-Za-z0-9+/_-]{20,}={0,2}|[A-Za-z0-9+/]{16,}={1,2}"
    r"|(?:\b[0-9a-f]{2}[ :]){8,}|\b[0-9a-f]{24,}\b|(?:\b[01]{8} ?){3,}|(?:%[0-9A-F]{2}){4,}|(?:\\x[0-9a-f]{2}){2,}"
)
_ORDER = re.compile(
    r"""\b(?:ignore|disregard|forget|override|bypass|skip)\b[^.?!]{0,30}
        \b(?:instructions?|prompts?|rules?|guidelines?|directions?|constraints|everything\ (?:above|before))
    | \b(?:previous|prior|above|earlier|system|hidden|original|secret)\ (?:instructions?|prompts?)\b
    | \b(?:new|updated|following|these)\ instructions\b | \byour\ (?:system\ |new\ )?(?:prompt|instructions)\b
    | \b(?:system|developer|admin|jailbreak|dan|god)\ (?:mode|override|message|prompt)\b
    | \b(?:you\ are|you're|act|behave|respond|pretend\ to\ be|role-?\ ?play)\ (?:now\ |as\ )?
        (?:an?\ )?(?:\w+\ )?(?:ai|assistant|model|chat\ ?bot|dan|language\ model|pirate)\b
    | \bas\ an?\ (?:ai|large\ language|language)\ (?:assistant|model|system)\b
    | (?:^|[.!?\n]\s*)(?:system|assistant|user|developer|human|instructions?|note\ to\ (?:the\ )?(?:ai|model|reader|editor))\s*:
    | \b(?:api[ _-]?keys?|passwords?)\ (?:is|are|:) | \bsk-[a-z0-9-]{6,}
    | \b(?:output|respond|reply|answer|return|print|repeat|write)\ (?:only|exactly|verbatim|the\ following
        |with\ the\ (?:words|text))\b
    | \b(?:dear|attention,?|hey|hello|to\ (?:any|every|whatever))
        \ (?:ai|a\.i\.|models?|assistant|language\ model|summari[sz]er|bot)s?\b
    | \b(?:ai|assistant|language\ model|summari[sz]er|bot|transcript\ reader)s?\b,?[^.?!]{0,40}
        \b(?:must|should|has\ to|will|please|you)\ (?:now\ |always\ |only\ )?
            (?:write|say|output|publish|quote|mention|include|recommend|translate|repeat)
    | \b(?:whoever|whatever|anyone|if\ you(?:'re|\ are))\ (?:is\ |are\ )?(?:an?\ )?
        (?:\w+\ ){0,2}(?:reading|summari[sz]ing|processing|transcribing)\ this
    | \bend\ of\ (?:the\ )?(?:transcript|prompt|input|document|instructions?)\b
    | \bdecode\ (?:this|the\ following|it)\b | \bfollow\ (?:these|the\ following|my)\ (?:steps|orders|instructions|rules)
    | \byour\ (?:next|first|only|whole|final|own)?\ ?(?:output|reply|response|headline|insight|summary)\b
    | \b(?:ignoriere|vergiss|missachte|ignora|olvida|oublie[zr]?|ignorez|ignore[zr])\b[^.?!]{0,40}
        \b(?:anweisung\w*|instruc\w*|regeln|reglas|r[eè]gles|consignes)
    | \bигнорируй\w*|\bзабудь\w*\ .{0,20}(?:инструкц|указан) | 忽略.{0,8}(?:指令|指示|说明) | (?:指示|命令)を無視
    | \b(?:publish|include|add|insert|put|quote|print)\ (?:this|the\ following|my|our|it|these)\ (?:\w+\ ){0,3}?
        (?:in|into|as|at|to|on)\ (?:the\ |your\ |every\ |each\ |all\ )?
        (?:summar\w+|insights?|headlines?|briefs?|outputs?|answers?|mails?|first)""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_CALL = re.compile(
    r"""(?:^|[.!?:;…]["”’)]*\s+|[–—-]\s+|\b(?:please|don't\ forget\ to|make\ sure\ to|be\ sure\ to|remember\ to
            |want\ you\ to|need\ you\ to|urge\ you\ to|invite\ you\ to|so\ go|you\ (?:should|must)|now\ go)\ )
        (?:please\ |now\ |just\ |go\ (?:and\ )?)?
        (?:(?:visit|click|tap|subscribe|donate|retweet|upvote|sign\ up|log\ ?in|register)\b
          |(?:download|install)\ (?:it|our|my|the\ (?:new\ )?(?:app|file)|now|today|from|at)\b
          |(?:buy|order|get)\ (?:it|yours?|now|today|our|my|the\ (?:new\ )?(?:book|course|app|token|coin))\b
          |(?:go|head|hop|jump|navigate)\ (?:over\ |on\ over\ )?to
            \ (?:(?:our|my|the)\ (?:link|website|site|page|store|shop|url|channel)|[\w-]+\.\w|www)
          |(?:follow|like|share|rate|review|support|email|mail|call|text|message|dm|join|contact|check\ out|check\ us)
            \ (?:us|me|our|my|this\ show|the\ show|this\ \w+)\b
          |use\ (?:the\ |my\ |our\ )?(?:promo\ |coupon\ |offer\ )?code\b|enter\ (?:the\ )?(?:code|your|promo)
          |send\ (?:us|me|money|bitcoin|your|\$?\d|funds|crypto|payment)|wire\ \$?\d|invest\ (?:now|today|in\ (?:our|my|this))
          |(?:tell|remind|forward|share)\ (?:your|all|this|every)\b|leave\ (?:us|me|a)\ (?:\w+\ )?(?:review|rating)
          |scan\ the|open\ the\ link
          |vote\ for|besuchen?\ sie|klicken?\b|abonnier\w+|suscr[ií]b\w+|visit[ae]\ nuestr\w+|haga\ clic|cliquez|abonnez|visitez)
    | \blink\ (?:below|above|in\ (?:the\ )?(?:bio|description|show\ ?notes))\b
    | \b(?:promo|coupon|discount|voucher|referral)\ codes?\b
    | \bcall\ (?:now|today)\b | \b(?:limited\ time|special)\ offer\b | \bmoney[- ]back\ guarantee\b""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_SHOW = r"(?:podcast|show|episode|host|hosts|interview|conversation|newsletter|channel|takefive|insight|brief)"
_GOOD = (
    r"(?:best|greatest|amazing|awesome|incredible|brilliant|fantastic|must[- ](?:listen|read|hear|see)|outstanding|excellent"
    r"|wonderful|superb|unmissable|perfect|number[- ]one|finest|genius|phenomenal|life[- ]changing|world[- ]class)"
)
_PRAISE = re.compile(
    rf"""\b{_GOOD}\b\ (?:\w+\ ){{0,3}}?{_SHOW}\b
    | \b(?:this|our|my|the)\ {_SHOW}\b\ (?:is|was|are|has\ been)\ (?:\w+\ ){{0,4}}?{_GOOD}\b
    | \b(?:highly|strongly|warmly)\ recommend(?:s|ed)?\ (?:this|that\ you|everyone|listening|the|it|our|my)
    | \bfive[- ]stars?\b | \b(?:10|ten)\ ?(?:/|out\ of)\ ?(?:10|ten)\b | \bmust[- ]listen\b
    | \b(?:love|loved|adore)\ (?:this|the)\ {_SHOW}\b
    | \bevery(?:one|body)\ (?:should|must|needs\ to)\ (?:listen|subscribe|hear|buy|follow|read\ this)""",
    re.IGNORECASE | re.VERBOSE,
)
_SPACED = re.compile(r"\b(?:[a-zA-Z][ .]){4,}[a-zA-Z]\b")
_MIXED = re.compile(r"[a-zA-Z][\u0370-\u04ff]|[\u0370-\u04ff][a-zA-Z]")
_LOOKALIKES = str.maketrans("аеорсухіѕјοαρνι", "aeopcyxisjoapvi")
_UNSEEN = frozenset(("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"))
_FINE = "\n\t\u200c\u200d"  # the joiners: Persian and emoji need them


def links(text: str, heard: str = "") -> bool:
    """Whether a text holds an address that could be followed. A name such as Booking.com may stand where it was `heard`."""
    if _LINK.search(text):
        return True
    said = heard.lower()
    return any(match[0].lower() not in said for match in _DOMAIN.finditer(text))


def marks_up(text: str) -> bool:
    """Whether a text holds HTML, Markdown, JSON, template or chat marks, encoded strings, or letters that nobody sees."""
    if not text.isascii() and any(c not in _FINE and unicodedata.category(c) in _UNSEEN for c in text):
        return True
    if not text.isascii() and _MIXED.search(text):  # Latin letters that are none
        return True
    return bool(_MARKUP.search(text) or _CODED.search(text) or any(c < " " and c not in "\n\t" for c in text))


def orders(text: str) -> bool:
    """Whether a text tells the reader where to go, what to buy or to subscribe to, or a language model what to write."""
    return bool(_CALL.search(_plain(text))) or orders_a_model(text)


def orders_a_model(text: str) -> bool:
    """Whether a text speaks to a language model or to whoever writes up the transcript, rather than to people."""
    return bool(_ORDER.search(_plain(text)))


def _plain(text: str) -> str:
    """Compatible letters made one ("ｉｇｎｏｒｅ" is "ignore"), unseen ones gone, letters set apart by spaces joined."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
        text = text.translate(_LOOKALIKES) if _MIXED.search(text) else text
    return _SPACED.sub(lambda match: match[0].replace(" ", "").replace(".", ""), text.replace("’", "'"))


def praises(text: str) -> bool:
    """Whether a text praises the show, its people or itself, or asks for praise."""
    return bool(_PRAISE.search(text))
