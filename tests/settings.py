"""The site's settings with what only tests want: a database file of their own, quick hashes."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["DEBUG"] = "0"
os.environ["SECRET_KEY"] = "only-for-tests"
os.environ["ALLOWED_HOSTS"] = "localhost,127.0.0.1,testserver"
os.environ["INSECURE_COOKIES"] = "1"
os.environ.pop("EMAIL_URL", None)
os.environ.pop("REPLICA_URL", None)

from khuyencong.settings import *  # noqa: F403
from khuyencong.settings import DATABASES, INSTALLED_APPS, STORAGES
from khuyencong.translations import compile_catalogues

# Texts are read from compiled catalogues, when Django starts: also when somebody starts pytest without make.
compile_catalogues()

SCRATCH = Path(tempfile.mkdtemp(prefix="khuyencong-tests-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)

INSTALLED_APPS.append("tests.subject")  # an application of its own, as tests/test_subject.py shows it

# A file, not memory: threads of a concurrency test need connections of their own to one database.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
DATABASES["default"]["CONN_MAX_AGE"] = 0

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
MEDIA_ROOT = SCRATCH / "media"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
