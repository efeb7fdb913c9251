#!/usr/bin/env python
"""Django's command line for OKR Tracker."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "okrtracker.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import InterfaceError, OperationalError, ProgrammingError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # A setting that cannot be used is the operator's to mend: one line, no traceback.
        sys.exit(f"manage.py: {error}")
    except (OperationalError, ProgrammingError, InterfaceError) as error:
        # No database, or one without tables.
        if "--traceback" in sys.argv:
            raise
        reason = str(error).strip().partition("\n")[0]
        sys.exit(f"manage.py: {reason} (is the database there, and was `manage.py migrate` run?)")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
