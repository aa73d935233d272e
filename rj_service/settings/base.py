"""Settings shared by every way of running the service. `.env.example` documents each value from the environment."""

from datetime import timedelta
from pathlib import Path

import environ
import pghistory
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

SERVICE_NAME = "Restorative justice casework"
SECRET_KEY = env("SECRET_KEY", default="")
# Keys of encrypted fields and of keyed look-ups are apart from SECRET_KEY: newest first, older ones still open.
FIELD_KEYS = env.list("FIELD_KEYS", default=[])
LOOKUP_KEY = env("LOOKUP_KEY", default="")
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BASE_URL = env("BASE_URL", default="http://localhost:8000")
DEMO = False

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "crispy_forms",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "pgtrigger",
    "pghistory",
    "phonenumber_field",
    "rj_service.ui",
    "rj_service.jobs",
    "rj_service.audit",
    "rj_service.accounts",
    "rj_service.documents",
    "rj_service.notifications",
    "rj_service.public_forms",
    "rj_service.lists",
    "rj_service.moving_out",
    "rj_service.operations",
    "training",
    "referrals",
    "volunteers",
    "cases",
    "reporting",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "rj_service.ui.middleware.PrivateResponseMiddleware",  # outside all that may answer in place of a view
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "rj_service.accounts.middleware.SessionEndMiddleware",
    "rj_service.accounts.middleware.SecondFactorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "rj_service.urls"
WSGI_APPLICATION = "rj_service.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("govuk",)
CRISPY_TEMPLATE_PACK = "govuk"
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
                "rj_service.accounts.context_processors.frame",
            ],
            "builtins": [
                "rj_service.ui.templatetags.ui",
                "rj_service.ui.templatetags.tables",
                "crispy_forms.templatetags.crispy_forms_tags",
            ],
        },
    }
]

# One alias. The application's role owns nothing; `migrate` signs in as RJ_OWNER (docs/adr/0003).
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": env("PGDATABASE", default="rj"),
        "USER": env("PGUSER", default="rj_app"),
        "PASSWORD": env("PGPASSWORD", default=""),
        "HOST": env("PGHOST", default=""),
        "PORT": env("PGPORT", default=""),
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "DISABLE_SERVER_SIDE_CURSORS": env.bool("PGBOUNCER", default=False),
    }
}
RJ_APP_ROLE = DATABASES["default"]["USER"]
RJ_OWNER = {"USER": env("RJ_OWNER_USER", default="rj_owner"), "PASSWORD": env("RJ_OWNER_PASSWORD", default="")}
# Casework (proposed defaults, to be confirmed by each service).
RJ_ASSESSMENT_DAYS = env.int("RJ_ASSESSMENT_DAYS", default=90)
# Of a sensitive case sooner: practice asks for a more frequent review, and names no number of days.
RJ_SENSITIVE_ASSESSMENT_DAYS = env.int("RJ_SENSITIVE_ASSESSMENT_DAYS", default=60)
# What HM Revenue and Customs lets anybody be paid free of tax, taken as the default: pence a mile for the first 10,000 miles
# of a tax year, and for every mile after them. A service sets its own with the day from which it counts.
RJ_MILEAGE = ("45", "25", 10_000)
RJ_MILEAGE_SOURCE = "Approved mileage rate of HM Revenue and Customs for cars, as the service was set up with it"
# A venue is checked for safety so often.
RJ_VENUE_CHECK_DAYS = env.int("RJ_VENUE_CHECK_DAYS", default=365)
# Until the person harmed is told how a commitment was kept.
RJ_TELL_WORKING_DAYS = env.int("RJ_TELL_WORKING_DAYS", default=5)
RJ_CONTACT_ATTEMPTS = env.int("RJ_CONTACT_ATTEMPTS", default=3)
RJ_CONTACT_METHODS = env.int("RJ_CONTACT_METHODS", default=2)
RJ_CONTACT_DAYS = env.int("RJ_CONTACT_DAYS", default=3)
# An open case in which nobody was in touch, or tried to be, for so many days is in a list of its own.
RJ_QUIET_DAYS = env.int("RJ_QUIET_DAYS", default=14)
# A visit: so many minutes before its time somebody may check in; minutes past the time somebody was to be out before the
# alarm, and minutes that nobody answers it before everybody who coordinates or manages the area is told.
RJ_VISIT_EARLY_MINUTES = env.int("RJ_VISIT_EARLY_MINUTES", default=60)
RJ_VISIT_NOT_IN_MINUTES = env.int("RJ_VISIT_NOT_IN_MINUTES", default=30)
RJ_VISIT_GRACE_MINUTES = env.int("RJ_VISIT_GRACE_MINUTES", default=10)
RJ_VISIT_ESCALATE_MINUTES = env.int("RJ_VISIT_ESCALATE_MINUTES", default=10)
RJ_SURVEY_LINK_DAYS = env.int("RJ_SURVEY_LINK_DAYS", default=42)
# The public form. Answers that nobody sends are gone after so many minutes without a click.
RJ_UNSENT_MINUTES = env.int("RJ_UNSENT_MINUTES", default=30)
# Tries an hour: of one network (a refuge or a library is one too), and of everybody together.
RJ_PUBLIC_TRIES = {
    "begin": (env.int("RJ_PUBLIC_BEGINS_A_NETWORK", default=60), env.int("RJ_PUBLIC_BEGINS", default=1000)),
    "send": (env.int("RJ_PUBLIC_SENDS_A_NETWORK", default=15), env.int("RJ_PUBLIC_SENDS", default=200)),
}
RJ_PUBLIC_FASTEST_SECONDS = env.int("RJ_PUBLIC_FASTEST_SECONDS", default=2)
RJ_PUBLIC_PHONE = env("RJ_PUBLIC_PHONE", default="")
# Who seems to send the one email to somebody who wrote on the public form: a name that gives nothing away.
RJ_NEUTRAL_FROM_EMAIL = env("RJ_NEUTRAL_FROM_EMAIL", default="no-reply@example.org")
# Proxies in front of the service that add to X-Forwarded-For; 0 where it is reached directly.
RJ_PROXIES = env.int("RJ_PROXIES", default=0)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

# Sessions live in the database: losing the cache never signs anybody out or makes an error.
SESSION_ENGINE = "rj_service.accounts.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=30 * 60)
SESSION_ABSOLUTE_SECONDS = env.int("SESSION_ABSOLUTE_SECONDS", default=12 * 60 * 60)
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # a cookie would stay on a shared computer
CSRF_FAILURE_VIEW = "rj_service.ui.views.csrf_failure"

ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts exist only by invitation, whose link was sent to the address
MFA_ALLOW_UNVERIFIED_EMAIL = True  # for the same reason
ACCOUNT_ADAPTER = "rj_service.accounts.adapters.AccountAdapter"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_RATE_LIMITS = {"login_failed": None}  # axes counts failures, in the database, for every process together
ACCOUNT_FORMS = {
    "login": "rj_service.accounts.forms.sign_in.SignInForm",
    "reset_password": "rj_service.accounts.forms.sign_in.AskPasswordLinkForm",
    "reset_password_from_key": "rj_service.accounts.forms.sign_in.NewPasswordForm",
    "change_password": "rj_service.accounts.forms.sign_in.ChangePasswordForm",
    "reauthenticate": "rj_service.accounts.forms.sign_in.PasswordAgainForm",
}
PASSWORD_RESET_TIMEOUT = 4 * 60 * 60
MFA_ADAPTER = "rj_service.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Restorative justice"
MFA_TOTP_TOLERANCE = 1  # a code typed at the end of its 30 seconds still counts, once
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_FORMS = {
    "authenticate": "rj_service.accounts.forms.sign_in.CodeForm",
    "reauthenticate": "rj_service.accounts.forms.sign_in.CodeAgainForm",
    "activate_totp": "rj_service.accounts.forms.sign_in.SetUpAppForm",
    "deactivate_totp": "rj_service.accounts.forms.sign_in.RemoveAppForm",
    "add_webauthn": "rj_service.accounts.forms.sign_in.AddKeyForm",
}

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=5)
AXES_LOCKOUT_PARAMETERS = "rj_service.accounts.sign_in_events.counted_by"
AXES_USERNAME_CALLABLE = "rj_service.accounts.sign_in_events.typed_address"
AXES_SENSITIVE_PARAMETERS = ["password", "password1", "password2", "oldpassword", "code", "credential"]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "errors/429.html"
AXES_HTTP_RESPONSE_CODE = 429

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
PHONENUMBER_DEFAULT_REGION = "GB"

STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Working days that a referral may wait for a decision (Victims' Code 4.5; counted from the day after it is received).
DECIDE_WITHIN_WORKING_DAYS = env.int("DECIDE_WITHIN_WORKING_DAYS", default=2)
# Working days until whoever was harmed is to be told about restorative justice, counted from the day after the referral is
# received, and with enhanced rights (Victims' Code 2020, 3.6; not verified which Code is in force).
RJ_OFFER_WORKING_DAYS = env.int("RJ_OFFER_WORKING_DAYS", default=5)
RJ_OFFER_WORKING_DAYS_ENHANCED = env.int("RJ_OFFER_WORKING_DAYS_ENHANCED", default=1)
# An agency asked for information: working days to answer, working days between reminders, days that a link works.
RJ_REQUEST_WORKING_DAYS = env.int("RJ_REQUEST_WORKING_DAYS", default=10)
RJ_REQUEST_CHASE_EVERY = env.int("RJ_REQUEST_CHASE_EVERY", default=5)
RJ_REQUEST_LINK_DAYS = env.int("RJ_REQUEST_LINK_DAYS", default=42)
# A complaint: working days to acknowledge it, and to answer it. Our defaults: no rule of the field sets them.
RJ_COMPLAINT_ACKNOWLEDGE_DAYS = env.int("RJ_COMPLAINT_ACKNOWLEDGE_DAYS", default=3)
RJ_COMPLAINT_ANSWER_DAYS = env.int("RJ_COMPLAINT_ANSWER_DAYS", default=20)
# A task of a case's timeline: working days from what happened, of the last four from a day of the thing itself.
# The field sets few times: these are our defaults.
# Days before a DBS or police vetting ends, and before a supervision is due, on which volunteer and manager are reminded.
# Renewal periods differ by force and level: these are ours.
RJ_RENEWAL_REMINDER_DAYS = env.list("RJ_RENEWAL_REMINDER_DAYS", cast=int, default=[56, 28, 7])
RJ_SUPERVISION_REMINDER_DAYS = env.list("RJ_SUPERVISION_REMINDER_DAYS", cast=int, default=[14, 3])
# Hours that are asked of a volunteer in a calendar month (Kent’s, taken as the default; domain 2.9). Nobody is stopped by it.
RJ_HOURS_A_MONTH = env.int("RJ_HOURS_A_MONTH", default=4)
RJ_TASK_DAYS = {
    "first_contact": env.int("RJ_TASK_FIRST_CONTACT_DAYS", default=5),
    "find_lead": env.int("RJ_TASK_FIND_LEAD_DAYS", default=10),
    "assess": env.int("RJ_TASK_ASSESS_DAYS", default=15),
    "look_again": env.int("RJ_TASK_LOOK_AGAIN_DAYS", default=2),
    "sign_off": env.int("RJ_TASK_SIGN_OFF_DAYS", default=5),
    "agreement": env.int("RJ_TASK_AGREEMENT_DAYS", default=5),
    "debrief": env.int("RJ_TASK_DEBRIEF_DAYS", default=2),
    "follow_up": env.int("RJ_TASK_FOLLOW_UP_DAYS", default=10),
    "follow_up_later": env.int("RJ_TASK_FOLLOW_UP_LATER_DAYS", default=60),
    "commitment": env.int("RJ_TASK_COMMITMENT_DAYS", default=1),  # after it is due
    "review_assessment": env.int("RJ_TASK_REVIEW_ASSESSMENT_DAYS", default=10),  # before it ends
    "prepare": env.int("RJ_TASK_PREPARE_DAYS", default=3),  # before the meeting or letter
    "reconfirm": env.int("RJ_TASK_RECONFIRM_DAYS", default=0),
}
# Hours that emergency access to what was not given to somebody lasts.
RJ_EMERGENCY_HOURS = env.int("RJ_EMERGENCY_HOURS", default=4)
# A person's own link: days that it works, wrong answers after which it ends, minutes that it stays open.
RJ_OWN_LINK_DAYS = env.int("RJ_OWN_LINK_DAYS", default=180)
RJ_OWN_LINK_TRIES = env.int("RJ_OWN_LINK_TRIES", default=5)
RJ_OWN_LINK_MINUTES = env.int("RJ_OWN_LINK_MINUTES", default=15)
# A file of a list: rows at most, rows about people that need no second person's agreement, days until it is deleted.
RJ_FILE_ROWS = env.int("RJ_FILE_ROWS", default=50_000)
RJ_FILE_ROWS_ALONE = env.int("RJ_FILE_ROWS_ALONE", default=100)
RJ_FILE_DAYS = env.int("RJ_FILE_DAYS", default=7)
# Months after which what somebody wrote is deleted who was not taken on as a volunteer, or withdrew. Our default: the public
# form says it, and no rule of the field sets it.
RJ_APPLICATION_MONTHS = env.int("RJ_APPLICATION_MONTHS", default=6)
# Days without signing in after which an account ends by itself.
RJ_DORMANT_DAYS = env.int("RJ_DORMANT_DAYS", default=90)
# An archive of a whole area: days until it is deleted.
RJ_ARCHIVE_DAYS = env.int("RJ_ARCHIVE_DAYS", default=3)
FILES_DIR = Path(env("FILES_DIR", default=str(BASE_DIR / "var" / "files")))
MEDIA_ROOT = FILES_DIR
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env("EMAIL_HOST", default="")
EMAIL_PORT = env.int("EMAIL_PORT", default=587)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="no-reply@example.org")

# Redis carries hints only; the row in PostgreSQL is the queue (docs/adr/0004).
CELERY_BROKER_URL = env("BROKER_URL", default="redis://localhost:6379/0")
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 15 * 60
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 0.25, "socket_timeout": 0.5, "max_retries": 0}
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

PGHISTORY_APPEND_ONLY = False  # privileges do it: docs/adr/0003
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in ("camera", "geolocation", "microphone", "payment", "usb", "display-capture", "fullscreen", "midi")
}
X_FRAME_OPTIONS = "DENY"
# Nothing is told to any other site. Not "no-referrer": under it Chromium posts every form with `Origin: null`, which the
# protection against forged requests refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "axes": {"level": "ERROR"},  # below that it writes addresses and networks of people
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
