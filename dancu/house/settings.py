"""Django settings: the composition root. Values come from ``dancu.operation.config``."""

from __future__ import annotations

import os
import sys
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from dancu.operation import instance, logs
from dancu.operation.config import ROOT, Config, current
from dancu.operation.postgres.provision import known_address

config = current()
PROCESS = os.environ.get("DANCU_PROCESS", "")
IS_WEB = PROCESS in {"web", "exchange"}

SECRET_KEY = config.web.secret_key or instance.secret_key(config.var)
DEBUG = False
# Probes on the machine itself know no name of the site.
ALLOWED_HOSTS = [*config.web.allowed_hosts, "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [*config.web.trusted_origins]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "dancu.operation",
    "dancu.catalogue",
    "dancu.access",
    "dancu.audit",
    "dancu.jobs",
    "dancu.design",
    "dancu.places",
    "dancu.agencies",
    "dancu.population",
    "dancu.disclosure",
    "dancu.duplicates",
    "dancu.identity",
    "dancu.exchange",
    "dancu.quality",
    "dancu.onestop",
    "dancu.cleaning",
    "dancu.rounds",
    "dancu.bulletins",
    "dancu.console",
    "dancu.portal",
    "dancu.developers",
]

# From the outside in: what must see every answer comes first, what needs the account comes last.
MIDDLEWARE = [
    "dancu.operation.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dancu.operation.middleware.NoStoreMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "dancu.operation.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dancu.operation.middleware.ErrorMiddleware",
    "dancu.disclosure.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "dancu.house.urls"
WSGI_APPLICATION = "dancu.house.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dancu.portal.chrome.chrome",
                "dancu.console.chrome.chrome",
                "dancu.developers.chrome.chrome",
            ],
        },
    },
]


def _database(settings: Config) -> dict[str, Any]:
    """Django's view of the configured server, or of the embedded one as last started."""
    known = None if settings.database.url else known_address(settings.var)
    default = f"postgresql://dancu@127.0.0.1:{settings.database.port}/dancu"
    parts = urlsplit(settings.database.url or (known.url if known else default))
    options: dict[str, Any] = {"application_name": "dancu", **dict(parse_qsl(parts.query))}
    if IS_WEB:
        options["pool"] = {
            "min_size": 2,
            "max_size": settings.database.pool_size,
            # Agencies' programs are told at once to come back; people rather wait.
            "timeout": 2 if PROCESS == "exchange" else 20,
            # Not longer: while it waits to try again, a database that is back would go unnoticed.
            "reconnect_timeout": 3,
        }
        if limit := settings.database.statement_timeout_ms:
            options["options"] = f"-c statement_timeout={limit}"
    # Without a number psycopg prepares nothing, not even what asks for it; and nothing else is to.
    options["prepare_threshold"] = sys.maxsize
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        # A connection that died with the server is noticed before a request gets it.
        "CONN_HEALTH_CHECKS": IS_WEB,
    }


DATABASES = {"default": _database(config)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "dancu_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [ROOT / "dancu" / "kernel" / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"

STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "dancu.design.bundle.BundleFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "dancu.operation.static.VersionedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 600
#: A bundle's name changes with its content.
WHITENOISE_IMMUTABLE_FILE_TEST = r"/all\.[0-9a-f]{12}\.(?:css|js)$"

AUTH_USER_MODEL = "identity.Account"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SESSION_COOKIE_NAME = "dancu_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = config.web.https
CSRF_COOKIE_NAME = "dancu_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = config.web.https
CSRF_FAILURE_VIEW = "dancu.operation.error_pages.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if config.web.https:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]

# Nothing inline, nothing from elsewhere; whatever is not named is forbidden.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = [
    "dancu.operation.uploads.UploadLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# The worker looks for all jobs (dancu.jobs.worker); who defers one imports that one.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = None

LOGGING = logs.django_logging(level=config.log.level, style=config.log.format)
