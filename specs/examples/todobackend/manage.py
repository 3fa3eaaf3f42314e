#!/usr/bin/env python3
"""Runs a management command; `test` also writes coverage.xml into the working directory."""

import os
import sys
from contextlib import contextmanager


@contextmanager
def measured():
    """Measures coverage from before the application is imported."""
    from coverage import Coverage

    coverage = Coverage(source=["todo", "todobackend"], omit=["*/migrations/*"], data_file=None)
    coverage.start()
    try:
        yield
    finally:
        coverage.stop()
        percent = coverage.xml_report(outfile="coverage.xml")
        print(f"coverage: {percent:.0f} % (coverage.xml)", flush=True)


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "todobackend.settings")
    from django.core.management import execute_from_command_line

    if sys.argv[1:2] == ["test"]:
        with measured():
            execute_from_command_line(sys.argv)
    else:
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
