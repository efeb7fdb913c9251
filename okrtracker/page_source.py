"""Loads the templates of pages without their indentation, a twentieth of what a page sends."""

from __future__ import annotations

import re
from typing import Final

from django.template.base import Origin
from django.template.loaders import filesystem

_INDENTATION: Final = re.compile(r"^[ \t]+", re.MULTILINE)


class Loader(filesystem.Loader):
    """Lines stay lines, so that errors name the right one. Mails are sent as they are written."""

    def get_contents(self, origin: Origin) -> str:
        source: str = super().get_contents(origin)
        is_page = str(origin.template_name).endswith(".html")
        is_mail = str(origin.template_name).startswith("emails/")
        return _INDENTATION.sub("", source) if is_page and not is_mail else source
