"""Showing that an address is one's own, without a password: asked for, mailed, answered once.

Comes in: an address, the cookie of a browser, a token, a code, `now`. Goes out: whom they prove. Does not know: mail, pages.

A link alone proves nothing, since mail scanners open every link and some run scripts and press buttons: it counts in the
browser that asked, or together with the code. A code alone counts only in the browser that asked, five times at the most.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from takefive.accounts.consent import CONSENT
from takefive.accounts.models import Challenge, Reader

# Confirming is often done in the evening of the day, and all that a stolen link can do is to start the mail. Signing in opens
# everything stored about a reader, and is done by someone who waits for the mail.
LIVES = {Challenge.Purpose.SIGN_UP: timedelta(hours=24), Challenge.Purpose.SIGN_IN: timedelta(minutes=15)}
# Mails to one address, asked for by one client: so many within so long. By one client, since a stranger who asks must not
# use up what its owner may ask for; over all clients there is a cap far above it. With five tries of a code each, ten
# mails a day let a stranger guess one in 20,000, and fifty let one with many networks guess one in 4,000.
MAILS = {Challenge.Purpose.SIGN_UP: 1, Challenge.Purpose.SIGN_IN: 3}
MAILS_WITHIN = timedelta(minutes=10)
MAILS_A_DAY, MAILS_A_DAY_OVER_ALL = 10, 50
TRIES = 5
ASKED_AN_HOUR = 20  # by one client, for whatever addresses
PREVIEWS_AN_HOUR, PREVIEWS_OVER_ALL = 30, 2_000  # each takes a tenth of a second of CPU, and is asked for by anyone

_HOUR, _DAY, _WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
_KEPT = timedelta(days=3)  # longer than any challenge lives, and than rates are counted


def hashed(secret: str) -> str:
    """What is stored of a token, a code, a cookie or a network address: of no use without the installation's secret key."""
    return salted_hmac("takefive.challenge", secret, algorithm="sha256").hexdigest()


def asks_too_much(client: str, now: datetime) -> bool:
    """Whether a client has asked for so many mails, or tried so many passwords, in the last hour that it gets no more."""
    asked = Challenge.objects.filter(client=hashed(client), created_at__gt=now - _HOUR)
    return asked.count() >= ASKED_AN_HOUR


def count(client: str) -> Challenge:
    """Count a try of an operator's password among what a client asks for. Nothing is mailed; what was typed in is not kept."""
    return Challenge.objects.create(
        purpose=Challenge.Purpose.SIGN_IN, status=Challenge.Status.DROPPED, client=hashed(client)
    )


def previews_too_much(client: str, now: datetime) -> bool:
    """Whether a client, or all of them together, saw so many previews in the last hour that it sees no more.

    If not, this one is counted: before it is made, so that no race gets more of them.
    """
    all_ = hashed("preview")
    shown = Challenge.objects.filter(browser=all_, created_at__gt=now - _HOUR)
    mine = hashed(f"preview {client}")
    if shown.filter(client=mine).count() >= PREVIEWS_AN_HOUR or shown.count() >= PREVIEWS_OVER_ALL:
        return True
    fields = {"purpose": Challenge.Purpose.SIGN_UP, "status": Challenge.Status.DROPPED, "created_at": now}
    Challenge.objects.create(browser=all_, client=mine, **fields)
    return False


def mail_for(asked: Challenge.Purpose, reader: Reader | None) -> Challenge.Purpose | None:
    """What to mail to an address for which this was asked; None for no mail.

    Nobody gets mail who did not sign up. Who gets the brief already need not confirm again. An operator signs in with a
    password: six digits must not open the admin.
    """
    if reader is None:
        return asked if asked == Challenge.Purpose.SIGN_UP else None
    if reader.is_staff:
        return None
    by_status = {Reader.Status.PENDING: Challenge.Purpose.SIGN_UP, Reader.Status.ACTIVE: Challenge.Purpose.SIGN_IN}
    return by_status.get(Reader.Status(reader.status), asked)


def seal(challenge: Challenge, now: datetime) -> tuple[str, str] | None:
    """Give a challenge its token and code, to be mailed at once; None, and the challenge is dropped, where no mail may go.

    Call it in a transaction. One address at a time, so that two jobs do not both find room for one more mail.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [challenge.email])
    reader = Reader.objects.filter(email=challenge.email).first()
    purpose = mail_for(Challenge.Purpose(challenge.purpose), reader)
    if (
        purpose is None
        or now - challenge.created_at > LIVES[purpose]  # its mail was held back: nobody waits for it any more
        or (reader is not None and _told_off(challenge, reader, now))
        or _mailed_enough(challenge, purpose, now)
    ):
        challenge.status = Challenge.Status.DROPPED
        challenge.save()
        return None
    if reader is None:
        told = {"interests": challenge.interests, "wishes": challenge.wishes, "zone": challenge.zone}
        Reader.objects.create_user(challenge.email, **told)
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(1_000_000):06}"
    challenge.purpose, challenge.status = purpose, Challenge.Status.SENDING
    challenge.token, challenge.code = hashed(token), _hashed_code(challenge, code)
    challenge.mailed_at, challenge.expires_at = now, now + LIVES[purpose]
    challenge.attempts += 1
    challenge.save()
    return token, code


def of_link(token: str, browser: str, now: datetime) -> tuple[Challenge | None, bool]:
    """The living challenge of a link, and whether this browser asked for it. Changes nothing."""
    challenge = _living(now).filter(token=hashed(token)).first() if token else None
    return challenge, challenge is not None and constant_time_compare(challenge.browser, hashed(browser))


def answer(*, token: str, browser: str, code: str, now: datetime) -> Reader | None:
    """Whom these prove, and what that does: who signs up gets the brief from now on. None where they prove nobody.

    `browser` is the browser's cookie, `token` that of a link that was opened in it, `code` what was typed in.
    """
    mine = Q(browser=hashed(browser)) if browser else Q(pk=None)
    linked = Q(token=hashed(token)) if token else Q(pk=None)
    for challenge in _living(now).filter(mine | linked).order_by("-created_at")[:10]:
        clicked = challenge.token == hashed(token) and challenge.browser == hashed(browser)
        if clicked or (code and _fits(challenge, code)):
            return _use(challenge, now)
    return None


def consent(reader: Reader, now: datetime) -> None:
    """Start the brief, and keep when that was agreed to and in what words."""
    reader.status, reader.consented_at, reader.consent = Reader.Status.ACTIVE, now, CONSENT
    reader.unreachable_since, reader.unreachable_why = None, ""
    _keep(reader, "status", "consented_at", "consent", "unreachable_since", "unreachable_why")


def purge(now: datetime) -> None:
    """Forget challenges whose time is long over, addresses that were never confirmed, and sessions that have ended."""
    Session.objects.filter(expire_date__lt=now).delete()
    unreachable = Reader.objects.exclude(unreachable_since=None).values("email")
    old = Challenge.objects.filter(created_at__lt=now - _KEPT)
    old.exclude(email__in=unreachable, mailed_at__gt=now - _WEEK).delete()
    pending = Reader.objects.filter(status=Reader.Status.PENDING, is_staff=False, created_at__lt=now - _KEPT)
    pending.exclude(email__in=Challenge.objects.values("email")).delete()


def _told_off(challenge: Challenge, reader: Reader, now: datetime) -> bool:
    """Whether mail to this address came back or was complained about, and it got one this week that nobody answered.

    The one a week is for its owner, who may want the brief again, and which nobody but the owner can tell from a stranger.
    """
    if reader.unreachable_since is None:
        return False
    since = max(reader.unreachable_since, now - _WEEK)
    mailed = Challenge.objects.filter(email=challenge.email, mailed_at__gt=since, used_at=None)
    return mailed.exclude(pk=challenge.pk).exists()


def _mailed_enough(challenge: Challenge, purpose: Challenge.Purpose, now: datetime) -> bool:
    mailed = Challenge.objects.filter(email=challenge.email, mailed_at__gt=now - _DAY).exclude(pk=challenge.pk)
    ours = mailed.filter(client=challenge.client)
    lately = ours.filter(purpose=purpose, mailed_at__gt=now - MAILS_WITHIN)
    enough = mailed.count() >= MAILS_A_DAY_OVER_ALL or ours.count() >= MAILS_A_DAY
    return enough or lately.count() >= MAILS[purpose]


def _living(now: datetime) -> QuerySet[Challenge]:
    return Challenge.objects.filter(used_at=None, expires_at__gt=now)


def _hashed_code(challenge: Challenge, code: str) -> str:
    return hashed(f"{challenge.pk}:{code}")


def _fits(challenge: Challenge, code: str) -> bool:
    """Whether the code is this challenge's. The try is counted before it is looked at, so that no race gets more of them."""
    counted = Challenge.objects.filter(pk=challenge.pk, tries__lt=TRIES).update(tries=F("tries") + 1)
    return bool(counted) and constant_time_compare(challenge.code, _hashed_code(challenge, code))


def _use(challenge: Challenge, now: datetime) -> Reader | None:
    """Use it up, with all others of its address. Of two who come at once one gets nothing."""
    with transaction.atomic():
        if not Challenge.objects.filter(pk=challenge.pk, used_at=None).update(used_at=now):
            return None
        Challenge.objects.filter(email=challenge.email, used_at=None).exclude(mailed_at=None).update(used_at=now)
        reader = Reader.objects.select_for_update().filter(email=challenge.email, is_staff=False).first()
        if reader is not None and challenge.purpose == Challenge.Purpose.SIGN_UP:
            reader.interests = challenge.interests or reader.interests
            reader.zone = challenge.zone if challenge.zone != "UTC" else reader.zone
            _keep(reader, "interests", "zone")
            consent(reader, now)
        return reader


def _keep(reader: Reader, *names: str) -> None:
    """Save these columns alone, and only where the row still is: others may have changed it since it was read."""
    Reader.objects.filter(pk=reader.pk).update(**{name: getattr(reader, name) for name in names})
