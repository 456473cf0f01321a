"""The project's settings, on a cluster of its own and without built files."""

from __future__ import annotations

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)

from config.settings import *
from config.settings import DATA_DIR, DATABASE_URL, DATABASES, STORAGES

TEST_DIR = DATA_DIR / "test"
if not DATABASE_URL:
    DATABASES["default"]["DATA_DIR"] = TEST_DIR / "postgres"
MEDIA_ROOT = TEST_DIR / "media"
STATIC_ROOT = TEST_DIR / "static"
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A thread that a test ends shall not leave a connection behind.
DATABASES["default"]["CONN_MAX_AGE"] = 0
