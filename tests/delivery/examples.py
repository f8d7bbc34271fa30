"""A whole message, as a reader would get it; its people and shows are made up."""

from __future__ import annotations

from datetime import UTC, date, datetime

from takefive.delivery.values import MessageContent, MessageItem, RelatedItem

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
SITE = "https://takefive.example"


def item(number: int = 1, **fields) -> MessageItem:
    told = {
        "headline": "Years of tutorials taught her, but only a real app proved it",
        "text": "Mara Lindqvist read books and did tutorials feeling she learned nothing, until an evening class showed her"
        " how much was familiar. Building a real app from a designer's mockups then broke the tutorial cycle, because each"
        " missing skill had an immediate use; without a live project she would have circled for years.",
        "quote": "I just learned what I needed to learn to make those designs come to life, if that makes sense, and that"
        " really worked for me, because I feel like if I didn't actually have a real-life project to apply all of that"
        " stuff to, I would have just been stuck in that cycle of doing online tutorials for years and not really getting"
        " anywhere.",
        "speaker": "Mara Lindqvist",
        "podcast": "Out of Office",
        "episode": "Mara Lindqvist builds insurance software",
        "published": datetime(2026, 11, 22, 9, tzinfo=UTC),
        "start": 1421.4,
        "url": f"{SITE}/insights/{number}",
        "play_url": f"{SITE}/insights/{number}#t=1421",
        "reason": "close to “how small teams ship”",
    } | fields
    return MessageItem(**told)


def content(**fields) -> MessageContent:
    told = {
        "key": "brief:42:2026-11-23",
        "to": "reader@example.org",
        "sender": "Takefive <brief@takefive.example>",
        "site_url": SITE,
        "day": date(2026, 11, 23),
        "items": FIVE,
        "unsubscribe_url": f"{SITE}/unsubscribe/3Wq0aVd5",
        "settings_url": f"{SITE}/settings",
    } | fields
    return MessageContent(**told)


FIVE = (
    item(1, steer_url=f"{SITE}/s/8fK2/"),
    item(
        2,
        headline="Nine out of ten alerts told the on-call engineer nothing",
        text="When the team at a payments company counted a quarter of pages, 91 % needed no action at all. They deleted"
        " every alert nobody had acted on in thirty days, and the two outages that followed were found faster, because"
        " people had started to read their pages again.",
        quote="We went back through three months of pages and nine out of ten, nobody did anything. So we deleted them."
        " And the next time it went off, somebody actually got out of bed.",
        speaker="Tomás Iriarte",
        podcast="Pager Duty Diaries",
        episode="The alerts that nobody reads",
        start=3723.0,
        reason="you follow Pager Duty Diaries",
        voices=3,
        related=(
            RelatedItem(
                headline="A pager that cries wolf gets muted within a month",
                podcast="Applied Models",
                url=f"{SITE}/insights/70",
                same_point=True,
            ),
            RelatedItem(
                headline="Error budgets give permission to stop", podcast="Hot Path", url=f"{SITE}/insights/71"
            ),
            RelatedItem(
                headline="On-call pay changed which bugs were fixed first", podcast="Second Shift", url=f"{SITE}/insights/72"
            ),
        ),
    ),
    item(
        3,
        headline="A 7-billion model on a laptop answered as well as the hosted one",
        text="For ticket triage, a small model fine-tuned on 4,000 of the company's own examples matched the hosted model"
        " at a fortieth of the cost. The gain came from the examples: the same model without them was right half as often.",
        quote="It's the four thousand examples. People want it to be the model, and it is never the model.",
        speaker="Ngozi Adeyemi",
        podcast="Applied Models",
        episode="Fine-tuning, from the trenches",
        start=642.0,
        reason="a strong point from Applied Models",
    ),
    item(
        4,
        headline="Maintainers need predictable income more than windfalls",
        text="One-off donations arrive after a launch and vanish, so nobody can plan a month around them. A contract that"
        " pays a modest sum every month, for as long as the project is used, let three maintainers leave their jobs.",
        quote="I would rather have five hundred dollars every month than ten thousand once, because with the ten thousand"
        " I still can't tell my landlord anything.",
        speaker=None,
        podcast="Commons Hour",
        episode="Funding the commons",
        published=None,
        start=None,
        reason="close to “open source money”",
    ),
    item(
        5,
        headline="Ants reallocate labour without anyone in charge",
        text="When foragers are lost, an ant colony refills the role within hours, though no ant knows the headcount. Each"
        " one changes its job by how often it meets others doing it: a rule that needs no manager and no count.",
        quote="No ant knows that foragers are missing. It just hasn't bumped into one for a while, and that is enough.",
        speaker="Ruth Halloran",
        podcast="Field Notes Aloud",
        episode="What a colony knows",
        start=59.0,
        reason="from outside your bubble",
    ),
)  # fmt: skip
