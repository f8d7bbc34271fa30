"""Mail providers with an API of their own, by the names that django-anymail gives them. Pure: settings in, settings out."""

from __future__ import annotations

from collections.abc import Mapping

from takefive.common.errors import UsageError

KEYS = {  # what django-anymail calls each provider's key
    "amazon_ses": "",  # finds its own, as boto3 does
    "brevo": "BREVO_API_KEY",
    "mailersend": "MAILERSEND_API_TOKEN",
    "mailgun": "MAILGUN_API_KEY",
    "mailjet": "MAILJET_SECRET_KEY",
    "mailtrap": "MAILTRAP_API_TOKEN",
    "mandrill": "MANDRILL_API_KEY",
    "postal": "POSTAL_API_KEY",
    "postmark": "POSTMARK_SERVER_TOKEN",
    "resend": "RESEND_API_KEY",
    "scaleway": "SCALEWAY_SECRET_KEY",
    "sendgrid": "SENDGRID_API_KEY",
    "sparkpost": "SPARKPOST_API_KEY",
    "unisender_go": "UNISENDER_GO_API_KEY",
}
# Where a provider signs what it tells us, and with what; the others are known by the secret in the webhook's address.
SIGNATURES = {
    "mailgun": "MAILGUN_WEBHOOK_SIGNING_KEY",
    "mandrill": "MANDRILL_WEBHOOK_KEY",
    "postal": "POSTAL_WEBHOOK_KEY",
    "resend": "RESEND_SIGNING_SECRET",
    "sendgrid": "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY",
}
_ALWAYS: dict[str, object] = {
    "IGNORE_UNSUPPORTED_FEATURES": True,  # "do not track" where there is no tracking to switch off
    "REQUESTS_TIMEOUT": 30,
}


def anymail(provider: str, key: str, options: Mapping[str, str], secret: str) -> dict[str, object]:
    """django-anymail's settings. `options` are in its own names, such as MAILGUN_SENDER_DOMAIN; `secret` is "user:password".

    Raises UsageError for a provider that nobody knows, a key that is missing, or a secret that has no such form.
    """
    if not provider:
        return {}
    if provider not in KEYS:
        raise UsageError(
            f"TAKEFIVE_MAIL_PROVIDER: there is no provider {provider!r}; there are {', '.join(sorted(KEYS))}"
        )
    if KEYS[provider] and not (key or KEYS[provider] in options):
        raise UsageError(f"TAKEFIVE_MAIL_KEY is missing: {provider} sends nothing without")
    if secret and not all(secret.partition(":")):
        raise UsageError("TAKEFIVE_MAIL_WEBHOOK_SECRET must look like user:password")
    given = {KEYS[provider]: key} if key and KEYS[provider] else {}
    return _ALWAYS | given | dict(options) | ({"WEBHOOK_SECRET": secret} if secret else {})
