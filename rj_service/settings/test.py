"""The tests: a real PostgreSQL as the application's role, a real broker, the demo not mounted."""

from rj_service.settings.base import *  # noqa: F403

SECRET_KEY = "tests only"
FIELD_KEYS = ["dGVzdHMtb25seS0tLS0tLS0tLS0tMzItYnl0ZXMhISE="]
LOOKUP_KEY = "tests only"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
# A worker is another process: a test that reads its mails names a folder for them.
EMAIL_FILE_PATH = env("EMAIL_FILE_PATH", default="")  # noqa: F405
EMAIL_BACKEND = f"django.core.mail.backends.{'filebased' if EMAIL_FILE_PATH else 'locmem'}.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
