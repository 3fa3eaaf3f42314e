"""Settings of the release image: MariaDB and secrets from the environment."""

import os

import pymysql
from django.core.management.utils import get_random_secret_key

from todobackend.settings import *  # noqa: F403

# Django's MySQL backend imports MySQLdb; PyMySQL stands in for it, without a C library.
pymysql.install_as_MySQLdb()

SECRET_KEY = os.environ.get("SECRET_KEY") or get_random_secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "*").split(",")

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.mysql",
        "HOST": os.environ.get("MYSQL_HOST", "localhost"),
        "PORT": os.environ.get("MYSQL_PORT", "3306"),
        "NAME": os.environ.get("MYSQL_DATABASE", "todobackend"),
        "USER": os.environ.get("MYSQL_USER", "todo"),
        "PASSWORD": os.environ.get("MYSQL_PASSWORD", "password"),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"charset": "utf8mb4"},
    }
}

STATIC_ROOT = os.environ.get("STATIC_ROOT", "/public/static")
