"""Django's settings, and the only reader of the environment.

Every setting has a default that works on a laptop. `NAME_FILE` may hold the path of a file with the value (for secrets).
docs/settings.md lists them; a test keeps the list true.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from decimal import Decimal, InvalidOperation
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from takefive.common.errors import UsageError
from takefive.delivery.pace import Pace, warm_up
from takefive.delivery.providers import anymail
from takefive.delivery.smtp import Server
from takefive.store import embedded


def _text(name: str, default: str = "") -> str:
    file = os.environ.get(f"{name}_FILE")
    return Path(file).read_text().strip() if file else os.environ.get(name, default).strip()


def _number(name: str, default: int) -> int:
    value = _text(name, str(default))
    if not value.isdigit():
        raise UsageError(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def _dollars(name: str, default: str = "") -> Decimal | None:
    """`0.25` as dollars; None where nothing is given."""
    value = _text(name, default)
    try:
        amount = Decimal(value) if value else None
    except InvalidOperation:
        amount = Decimal(-1)
    if amount is not None and not (amount.is_finite() and amount >= 0):
        raise UsageError(f"{name} must be dollars such as 0.25, not {value!r}.")
    return amount


def _pairs(name: str) -> dict[str, str]:
    """`a=b,c` to {"a": "b", "c": "c"}."""
    entries = [entry.strip() for entry in _text(name).split(",") if entry.strip()]
    return {key: value or key for key, _, value in (entry.partition("=") for entry in entries)}


def _data_folder() -> Path:
    """Root gets a folder that the unprivileged database user can reach; others get the XDG data folder."""
    if chosen := _text("TAKEFIVE_HOME"):
        return Path(chosen).expanduser().absolute()
    if embedded.as_root():
        return Path("/var/lib/takefive")
    return Path(_text("XDG_DATA_HOME") or "~/.local/share").expanduser().absolute() / "takefive"


def _database(url: str) -> dict[str, object]:
    if not url:
        return {"NAME": "takefive", "USER": embedded.USER, "HOST": str(embedded.socket_folder(HOME))}
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    try:
        parts = conninfo_to_dict(url)
    except Exception as error:
        raise UsageError("DATABASE_URL is not a PostgreSQL address such as postgresql://user@host/name.") from error
    options = {key: value for key, value in parts.items() if key not in known}
    return {known[key]: value for key, value in parts.items() if key in known} | {"OPTIONS": options}


def _networks(name: str) -> list[IPv4Network | IPv6Network]:
    """`10.0.0.0/8, ::1` as networks; one address is a network of its own."""
    try:
        return [ip_network(entry.strip(), strict=False) for entry in _text(name).split(",") if entry.strip()]
    except ValueError as error:
        raise UsageError(f"{name}: {error}; give addresses or networks such as 127.0.0.1,10.0.0.0/8.") from error


def _mail_server(url: str) -> str:
    """The address as given, read once, so that a slip is told at the start and not by the first mail."""
    if url:
        Server.of(url)
    return url


def _secret_key() -> str:
    """The given key, or one made once and kept in the data folder, readable by its owner only."""
    if given := _text("TAKEFIVE_SECRET_KEY"):
        return given
    try:
        HOME.mkdir(parents=True, exist_ok=True)
        return _kept(HOME / "secret-key") or _made(HOME / "secret-key")
    except OSError as error:
        why = f"{error.strerror}; set TAKEFIVE_HOME"
        raise UsageError(f"cannot keep the secret key in the data folder {HOME}: {why}.") from error


def _kept(file: Path) -> str:
    return file.read_text().strip() if file.exists() else ""


def _made(file: Path) -> str:
    """Written aside and moved into place whole; one process at a time, and the kernel drops the lock of a killed one."""
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        if key := _kept(file):  # another process was first
            return key
        fresh = file.with_name(f"{file.name}.new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(50))
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
        return _kept(file)
    finally:
        os.close(folder)


HOME = _data_folder()
EMBEDDED = not _text("DATABASE_URL")
SITE_URL = _text("TAKEFIVE_URL", "http://127.0.0.1:8000").rstrip("/")
SMTP_URL = _mail_server(_text("TAKEFIVE_SMTP_URL"))
MAIL_PROVIDER = _text("TAKEFIVE_MAIL_PROVIDER")
ANYMAIL = anymail(
    MAIL_PROVIDER,
    _text("TAKEFIVE_MAIL_KEY"),
    _pairs("TAKEFIVE_MAIL_OPTIONS"),
    _text("TAKEFIVE_MAIL_WEBHOOK_SECRET"),
)
OUTBOX = Path(_text("TAKEFIVE_OUTBOX") or HOME / "outbox")
SENDER = _text("TAKEFIVE_FROM", f"Takefive <brief@{urlsplit(SITE_URL).hostname}>")
DKIM_KEY = _text("TAKEFIVE_DKIM_KEY")
DKIM_SELECTOR = _text("TAKEFIVE_DKIM_SELECTOR", "takefive")
DKIM_DOMAIN = _text("TAKEFIVE_DKIM_DOMAIN", parseaddr(SENDER)[1].rpartition("@")[2])
MAIL_HELD = _text("TAKEFIVE_HOLD_MAIL") == "1"
MAIL_PACE = Pace(
    a_day=_number("TAKEFIVE_MAILS_A_DAY", 0),
    a_minute=_number("TAKEFIVE_MAILS_A_MINUTE", 0),
    warm_up=warm_up(_text("TAKEFIVE_WARM_UP")),
)
MAIL_KEPT_DAYS = _number("TAKEFIVE_MAIL_KEPT_DAYS", 14)
TRUSTED_HOSTS = _pairs("TAKEFIVE_TRUSTED_HOSTS")
TRUSTED_PROXIES = _networks("TAKEFIVE_TRUSTED_PROXIES")
WEBHOOK_HOSTS = _pairs("TAKEFIVE_WEBHOOK_HOSTS")
CHAT_HOSTS = _pairs("TAKEFIVE_CHAT_HOSTS")
REPLY_TO = _text("TAKEFIVE_REPLY_TO")
CLIP_DAYS = _number("TAKEFIVE_CLIP_DAYS", 14)
CLIP_MEGABYTES = _number("TAKEFIVE_CLIP_MEGABYTES", 500)
CONTACT = " ".join(_text("TAKEFIVE_CONTACT").split())
USER_AGENT = f"Takefive/0.1 (+{SITE_URL}/about; {CONTACT or 'podcast digest'})"
HOST_SPACING = _number("TAKEFIVE_HOST_SPACING", 100) / 1000  # seconds
PODPING_NODES = [node.strip() for node in _text("TAKEFIVE_PODPING_NODES").split(",") if node.strip()]
PODCASTINDEX_KEY, PODCASTINDEX_SECRET = _text("TAKEFIVE_PODCASTINDEX_KEY"), _text("TAKEFIVE_PODCASTINDEX_SECRET")
FEED_READERS = _number("TAKEFIVE_FEED_READERS", min(1, (os.cpu_count() or 1) - 1))
GPU, BACKLOG = bool(_number("TAKEFIVE_GPU", 1)), _number("TAKEFIVE_BACKLOG", 5)
AUDIO_MINUTES = _number("TAKEFIVE_AUDIO_MINUTES", 240)
AUDIO_MINUTES_EACH = _number("TAKEFIVE_AUDIO_MINUTES_EACH", 180)
AUDIO_MEGABYTES = _number("TAKEFIVE_AUDIO_MEGABYTES", 5_000)
AUDIO_CENTS = _number("TAKEFIVE_AUDIO_CENTS", 100)
AUDIO_CENTS_EACH = _number("TAKEFIVE_AUDIO_CENTS_EACH", 50)
AUDIO_CENTS_PER_HOUR = _number("TAKEFIVE_AUDIO_CENTS_PER_HOUR", 0)
AUDIO_MEGABYTES_EACH = _number("TAKEFIVE_AUDIO_MEGABYTES_EACH", 1_000)
AUDIO_FOLDER = HOME / "audio"
KEEP_AUDIO = bool(_number("TAKEFIVE_KEEP_AUDIO", 0))
SPEECH = _text("TAKEFIVE_SPEECH")
SPEECH_KEY = _text("TAKEFIVE_SPEECH_KEY")
SPEECH_BATCH = _number("TAKEFIVE_SPEECH_BATCH", 0)
CHECK_MINUTES = _number("TAKEFIVE_CHECK_MINUTES", 0)
VOICES = _text("TAKEFIVE_VOICES")
INSIGHTS_PER_EPISODE = _number("TAKEFIVE_INSIGHTS_PER_EPISODE", 10)

EMBEDDER = _text("TAKEFIVE_EMBEDDER")
EMBEDDER_KEYS = _pairs("TAKEFIVE_EMBEDDER_KEYS")

LLM = _text("TAKEFIVE_LLM")
LLM_URL = _text("TAKEFIVE_LLM_URL")
LLM_KEY = _text("TAKEFIVE_LLM_KEY")
LLM_BATCH = bool(_number("TAKEFIVE_LLM_BATCH", 0))
LLM_LANGUAGE = _text("TAKEFIVE_LLM_LANGUAGE")
LLM_CONTEXT = _number("TAKEFIVE_LLM_CONTEXT", 32_000)
LLM_TIMEOUT = _number("TAKEFIVE_LLM_TIMEOUT", 120)
LLM_PRICE = _dollars("TAKEFIVE_LLM_PRICE_IN"), _dollars("TAKEFIVE_LLM_PRICE_OUT")
LLM_EPISODE_TOKENS = _number("TAKEFIVE_LLM_EPISODE_TOKENS", 200_000)
LLM_DAY_TOKENS = _number("TAKEFIVE_LLM_DAY_TOKENS", 5_000_000)
LLM_EPISODE_DOLLARS = _dollars("TAKEFIVE_LLM_EPISODE_DOLLARS", "0.50")
LLM_DAY_DOLLARS = _dollars("TAKEFIVE_LLM_DAY_DOLLARS", "5")

SECRET_KEY = _secret_key()
DEBUG = _text("TAKEFIVE_DEBUG") == "1"
ALLOWED_HOSTS = [host for host in (urlsplit(SITE_URL).hostname, "127.0.0.1", "localhost", "[::1]") if host]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "takefive.accounts",
    "takefive.store",
    "takefive.pipeline",
    "takefive.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "takefive.web.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "takefive.urls"
WSGI_APPLICATION = "takefive.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [Path(__file__).parent / "web" / "templates"],
        "OPTIONS": {"environment": "takefive.web.environment.environment", "autoescape": True},
    },
    {  # Django's own admin
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
    | _database(_text("DATABASE_URL"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Reader"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
        "UserAttributeSimilarityValidator": {"user_attributes": ("email",)},
    }.items()
]
PROCRASTINATE_IMPORT_PATHS = ["takefive.pipeline.flow"]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False
STATIC_URL = "/static/"
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True  # no collectstatic step: the files are served from the package
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "takefive.web.logs.WithoutTokens",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
            "site": SITE_URL,
        }
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "loggers": {
        "django": {},  # Django's own handlers go: in debugging they would write tokens
        # Scanners send a wrong Host all day; each gets its 400, and the log stays readable.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
    },
    "root": {"handlers": ["stderr"], "level": _text("TAKEFIVE_LOG", "WARNING").upper()},
}
