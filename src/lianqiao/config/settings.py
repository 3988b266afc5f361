"""All settings; an office needs none of them, a city sets DATABASE_URL. docs/reference/settings.md tells."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from lianqiao.config.secret import audit_key, secret_key

PROJECT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("LIANQIAO_DATA", PROJECT / "var")).resolve()
SERVED = Path(os.environ.get("LIANQIAO_FRONTEND", PROJECT / "frontend" / "served"))
DEBUG = os.environ.get("LIANQIAO_DEBUG") == "1"
SECRET_KEY = secret_key(DATA)
AUDIT_KEY = audit_key(SECRET_KEY)
ALLOWED_HOSTS = os.environ.get("LIANQIAO_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("LIANQIAO_ORIGINS", "").split(",") if o]
BEHIND_TLS = os.environ.get("LIANQIAO_TLS") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rules.apps.AutodiscoverRulesConfig",
    "django_cotton.apps.SimpleAppConfig",
    "huey.contrib.djhuey",
    "csp",
    # Ours before allauth, whose templates we override.
    "lianqiao.core",
    "lianqiao.accounts",
    "lianqiao.notices",
    "lianqiao.registry",
    "lianqiao.lists",
    "lianqiao.matching",
    "lianqiao.agreements",
    "lianqiao.projects",
    "lianqiao.insight",
    "lianqiao.portal",
    "lianqiao.api",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.weixin",
    "allauth.socialaccount.providers.dingtalk",
]

MIDDLEWARE = [
    "lianqiao.core.middleware.request_identity",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lianqiao.core.sessions.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lianqiao.accounts.middleware.session_limits",
    "lianqiao.accounts.middleware.PreferredLanguage",
    "django.middleware.common.CommonMiddleware",
    "lianqiao.registry.middleware.acting_as",
    "django.contrib.messages.middleware.MessageMiddleware",
    "lianqiao.core.policy.PolicyMiddleware",
    "lianqiao.accounts.middleware.SecondFactorFirst",
    "django.middleware.csrf.CsrfViewMiddleware",
    "lianqiao.core.middleware.RefusalMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "lianqiao.config.urls"
WSGI_APPLICATION = "lianqiao.config.wsgi.application"

FORM_RENDERER = "lianqiao.core.rendering.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lianqiao.portal.frame.frame",
            ],
        },
    }
]

DATABASES = {"default": dj_database_url.config(default=f"sqlite:///{DATA / 'lianqiao.sqlite3'}")}
IS_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if IS_SQLITE:
    # WAL lets readers go on while one writes; FULL loses nothing acknowledged when the power goes;
    # IMMEDIATE because SQLite ignores SELECT ... FOR UPDATE.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None
    # Threads of a test share a file; in memory, SQLite would lock whole tables between them.
    DATABASES["default"]["TEST"] = {"NAME": DATA / "test.sqlite3"}
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}

HUEY = {
    "huey_class": "huey.SqliteHuey",
    "name": "lianqiao",
    "filename": str(DATA / "queue.sqlite3"),
    "immediate": os.environ.get("LIANQIAO_QUEUE") == "immediate",
    "results": False,
    "consumer": {"workers": 1},
}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(DATA / "cache"),
        # Beyond this any entry may be dropped, also the mark of a code that was used.
        "OPTIONS": {"MAX_ENTRIES": 5000},
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [SERVED] if SERVED.is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA / "files"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
LOCALE_PATHS = [PROJECT / "src" / "lianqiao" / "locale"]
TIME_ZONE = os.environ.get("LIANQIAO_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True
FORMAT_MODULE_PATH = ["lianqiao.config.formats"]

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "lianqiao.accounts.login.NameOrPhone"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in [
        ("UserAttributeSimilarityValidator", {"user_attributes": ("username", "name", "phone")}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    ]
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "lianqiao.accounts.login.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_FORMS = {
    "login": "lianqiao.accounts.forms.LoginForm",
    "reauthenticate": "lianqiao.accounts.forms.PasswordAgainForm",
}
ACCOUNT_RATE_LIMITS = False  # django-axes counts failures, by account and by network, in the database
SOCIALACCOUNT_ADAPTER = "lianqiao.accounts.login.SocialAdapter"
SOCIALACCOUNT_ONLY = False
# OIDC, weixin and dingtalk are switched on by giving them keys.
SINGLE_SIGN_ON: dict[str, dict[str, Any]] = {
    "openid_connect": {
        "provider_id": "oidc",
        "name": os.environ.get("LIANQIAO_OPENID_CONNECT_NAME", "OIDC"),
        "secret": os.environ.get("LIANQIAO_OPENID_CONNECT_SECRET", ""),
        "settings": {"server_url": os.environ.get("LIANQIAO_OPENID_CONNECT_URL", "")},
    },
    "weixin": {"secret": os.environ.get("LIANQIAO_WEIXIN_SECRET", "")},
    "dingtalk": {"secret": os.environ.get("LIANQIAO_DINGTALK_SECRET", "")},
}
SOCIALACCOUNT_PROVIDERS = {
    name: {"APPS": [{"client_id": os.environ[f"LIANQIAO_{name.upper()}_ID"], **app}]}
    for name, app in SINGLE_SIGN_ON.items()
    if f"LIANQIAO_{name.upper()}_ID" in os.environ
}
# A browser follows a form to another host only if the page says so (CSP form-action).
SSO_ORIGINS = [
    origin
    for name, origin in {
        "openid_connect": "/".join(os.environ.get("LIANQIAO_OPENID_CONNECT_URL", "").split("/")[:3]),
        "weixin": "https://open.weixin.qq.com",
        "dingtalk": "https://login.dingtalk.com",
    }.items()
    if name in SOCIALACCOUNT_PROVIDERS and origin
]
MFA_ADAPTER = "lianqiao.accounts.second_factor.Adapter"
MFA_FORMS = {
    name: f"lianqiao.accounts.factor_forms.{form}"
    for name, form in {
        "authenticate": "CodeForm",
        "reauthenticate": "CodeAgainForm",
        "activate_totp": "FirstCodeForm",
        "add_webauthn": "PasskeyForm",
        "edit_webauthn": "PasskeyNameForm",
    }.items()
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # one period early or late: people type slowly and clocks differ
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Lianqiao"
# A browser treats http://localhost as secure; anything else needs TLS for a passkey.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BEHIND_TLS

AXES_HANDLER = "lianqiao.accounts.lockout.Handler"
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_NETWORK_FAILURE_LIMIT = int(os.environ.get("LIANQIAO_NETWORK_FAILURES", "50"))
AXES_COOLOFF_TIME = timedelta(minutes=15)
# Who goes on trying while locked does not make the lock longer for the person whose account it is.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "lianqiao.accounts.lockout.locked_page"
AXES_DISABLE_ACCESS_LOG = True
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "lianqiao.accounts.lockout.username_of"
AXES_CLIENT_IP_CALLABLE = "lianqiao.accounts.lockout.network_of"
# axes keeps what was posted with a failure; none of this may be kept.
AXES_SENSITIVE_PARAMETERS = ["old", "password", "again", "code", "credential", "csrfmiddlewaretoken"]
AXES_VERBOSE = False
# How many proxies of our own stand before the server; each adds one address to X-Forwarded-For.
TRUSTED_PROXIES = int(os.environ.get("LIANQIAO_PROXIES", "0"))

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_IDLE = timedelta(minutes=int(os.environ.get("LIANQIAO_IDLE_MINUTES", "30")))
SESSION_LONGEST = timedelta(hours=int(os.environ.get("LIANQIAO_SESSION_HOURS", "12")))
SESSION_COOKIE_AGE = int(SESSION_LONGEST.total_seconds())
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "lianqiao.core.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # ECharts places its tooltip with style attributes; no stylesheet and no script is inline.
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
LARGEST_UPLOAD = 20 * 1024 * 1024

EMAIL_BACKEND = os.environ.get("LIANQIAO_EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = os.environ.get("LIANQIAO_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("LIANQIAO_MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("LIANQIAO_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("LIANQIAO_MAIL_PASSWORD", "")
EMAIL_TIMEOUT = 20  # seconds: the queue has other work than to wait for a mail server
EMAIL_USE_TLS = os.environ.get("LIANQIAO_MAIL_TLS") == "1"
DEFAULT_FROM_EMAIL = os.environ.get("LIANQIAO_MAIL_FROM", "lianqiao@localhost")

# Nothing is sent anywhere unless an address is given.
MODEL_URL = os.environ.get("LIANQIAO_MODEL_URL", "")
MODEL_NAME = os.environ.get("LIANQIAO_MODEL_NAME", "")
MODEL_KEY = os.environ.get("LIANQIAO_MODEL_KEY", "")
MODEL_SECONDS = 20

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"without_tokens": {"()": "lianqiao.accounts.logs.WithoutTokens"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_tokens"]}
    },
    "loggers": {
        # Where it is said, before any other handler hears of it.
        "django.request": {"filters": ["without_tokens"]},
        "django.security.csrf": {"filters": ["without_tokens"]},
        # A failed login is in the audit trail; axes would write what was typed, which may be a password.
        "axes": {"level": "ERROR"},
    },
    "root": {"handlers": ["console"], "level": os.environ.get("LIANQIAO_LOG", "WARNING")},
}
SILENCED_SYSTEM_CHECKS = ["account.W001"]
