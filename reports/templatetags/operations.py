"""What only the page of operations shows."""

from __future__ import annotations

from django import template

from reports import operating

register = template.Library()
register.filter("message_kind", operating.name_of)
