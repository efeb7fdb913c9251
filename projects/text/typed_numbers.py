"""Read numbers as people type them into a field. Pure.

An input method for Chinese leaves full-width digits, 。for the point and ，for the comma; a
spreadsheet groups thousands. All of these are read; what has two meanings (1,5) is refused rather
than guessed.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from projects.prose import fold, scaled
from projects.text.names import one_line

_LONGEST: Final = 60  # characters; no number with its unit is longer
_WHOLE: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+|[0-9]+|(?=\.[0-9]))"
_NUMBER: Final = re.compile(rf"(?P<number>[+-]?{_WHOLE}(?:\.[0-9]*)?)(?P<unit>[^0-9.,+-].*)?")
_CURRENCY: Final = re.compile(r"^[¥￥$€£](?=[0-9])")


def read_number(text: str, unit: str = "") -> Decimal:
    """The number that was typed, in ``unit``. Raises ``ValueError``.

    The unit may stand behind it, and a percent sign behind a number without a unit. 万 and 亿 count
    where the unit or what stands behind them says of what: in 万元, 1.2亿 is 12000; in 元, 3万元 is
    30000.
    """
    typed = fold(one_line(text)).replace("。", ".") if len(text) <= _LONGEST else ""
    match = _NUMBER.fullmatch(_CURRENCY.sub("", typed))
    if match is None:
        raise ValueError(text[:_LONGEST])
    number = Decimal(re.sub("[, ]", "", match["number"]))
    return number * _factor((match["unit"] or "").strip(), fold(one_line(unit)), text)


def _factor(typed: str, unit: str, text: str) -> Decimal:
    """By how much a number with the ``typed`` unit is more in ``unit``."""
    if typed in ("", unit) or (typed == "%" and not unit):
        return Decimal(1)
    (typed_scale, typed_base), (scale, base) = scaled(Decimal(1), typed), scaled(Decimal(1), unit)
    is_of_unit = typed_base == base and base != ""
    is_scale_alone = typed_base == "" and scale != 1
    if is_of_unit or is_scale_alone:
        return typed_scale / scale
    raise ValueError(text[:_LONGEST])
