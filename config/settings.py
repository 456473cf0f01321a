"""Byline's settings: one file, read from the environment (docs/howto/settings.md).

Importing it starts nothing and touches no file.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from django.utils.csp import CSP
from django.utils.functional import SimpleLazyObject

from config import env
from config.mail import mailer
from config.secret import secret_key
from core.embeds import FRAME_SOURCES
from core.shared_caches import shared_cache

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.path("BYLINE_DATA_DIR", BASE_DIR / "var")

DEBUG = env.boolean("DEBUG", default=False)
SECRET_KEY = SimpleLazyObject(partial(secret_key, DATA_DIR))

# Where the blog lives

ORIGIN = env.origin("BYLINE_ORIGIN", "http://127.0.0.1:8000")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or [
    str(urlsplit(ORIGIN).hostname),
    "localhost",
    "127.0.0.1",
    "[::1]",
]
CSRF_TRUSTED_ORIGINS = [ORIGIN]
TRUSTED_PROXIES = env.networks("BYLINE_TRUSTED_PROXIES")
IS_HTTPS = ORIGIN.startswith("https://")

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

INSTALLED_APPS = [
    "config.admin.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "markdownx",
    "pgtrigger",
    "procrastinate.contrib.django",
    "core",
    "accounts",
    "blog",
    "comments",
    "reactions",
    "demo",
    "config",
]

MIDDLEWARE = [
    "core.unavailable.DatabaseUnavailableMiddleware",
    "core.middleware.NoNulMiddleware",
    "core.proxies.TrustedProxiesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "accounts.middleware.KnownCookieMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.site",
            ],
            "libraries": {"markup": "core.markup.filters"},
        },
    }
]

# Data

DATABASE_URL = env.text("DATABASE_URL")
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.database(DATABASE_URL)
    if DATABASE_URL
    else {
        "ENGINE": "config.postgres",
        "NAME": "byline",
        "DATA_DIR": DATA_DIR / "postgres",
        "OPTIONS": {},
    }
}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": 2,
    # A host that went away without a word is noticed after 1.4 s on an open connection
    # and 1 s on the new one, together before the front gives up; by a statement that
    # waits, after 2 s.
    "tcp_user_timeout": 1000,
    "keepalives_idle": 1,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "options": "-c statement_timeout=10s -c timezone=UTC",
    **DATABASES["default"]["OPTIONS"],
}
THREADS = env.number("BYLINE_THREADS", default=8, least=1)
PAGE_CACHE_MB = env.number("BYLINE_PAGE_CACHE_MB", default=32, least=1)
SHARED_CACHE = shared_cache(env.text("BYLINE_PURGE"))
SILENCED_SYSTEM_CHECKS = [
    # The constraint `user_email_is_unique` regards case, which this check cannot see.
    "auth.W004",
    # The proxy that ends TLS redirects; a second redirect here could go in circles.
    "security.W008",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Files

STATIC_URL = "/static/"
STATIC_ROOT = env.path("BYLINE_STATIC_ROOT", DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "config.storage.MediaStorage"},
    "staticfiles": {"BACKEND": "config.storage.StaticStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# The desk

MARKDOWNX_URLS_PATH = "/admin/blog/preview/"
MARKDOWNX_UPLOAD_URLS_PATH = "/admin/blog/upload/"

# Who you are

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation."
        "UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "handle", "display_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/accounts/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_FORMS = {
    "change_password": "accounts.forms.ChangePasswordForm",
    "confirm_email_verification_code": "accounts.forms.CodeForm",
    "login": "accounts.forms.LoginForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "signup": "accounts.forms.SignupForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
PASSWORD_RESET_TIMEOUT = 60 * 60

# Safety

SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_SSL_REDIRECT = False
X_FRAME_OPTIONS = "DENY"
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    # The desk's preview, and what a reader asked to see by a click on its card.
    "frame-src": [CSP.SELF, *FRAME_SOURCES],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

# Mail and tasks

MAILERS = {"default": mailer(env.text("EMAIL_URL"), DATA_DIR / "mail")}
DEFAULT_FROM_EMAIL = env.text(
    "BYLINE_FROM_EMAIL", f"Byline <noreply@{urlsplit(ORIGIN).hostname}>"
)
PROCRASTINATE_IMPORT_PATHS: list[str] = []

# Words

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
# There is one language to say it in: to look for others costs a page a twentieth.
USE_I18N = False
FORMAT_MODULE_PATH = None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "filters": {"without_arguments": {"()": "core.logs.WithoutArguments"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["without_arguments"],
            "formatter": "line",
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "byline.accounts": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.security.csrf": {"level": "ERROR"},
        # Each attempt to connect, while pages and commands say it already.
        "psycopg.pool": {"level": "ERROR"},
    },
}
