"""The vendors of group chats. A new one is a module of this package and a line below.

``docs/howto/channel.md`` says how to add one.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise

from reports.vendors.dingtalk import DingTalk
from reports.vendors.feishu import Feishu
from reports.vendors.message import Rejected, Why
from reports.vendors.vendor import Vendor
from reports.vendors.webhook import Webhook
from reports.vendors.wecom import WeCom

VENDORS: Final[dict[str, Vendor]] = {
    vendor.kind: vendor for vendor in (Feishu(), DingTalk(), WeCom(), Webhook())
}


def vendor_of(kind: str) -> Vendor:
    """Raises ``Rejected`` for a kind that this version does not know."""
    try:
        return VENDORS[kind]
    except KeyError:
        raise Rejected(Why.UNKNOWN_KIND) from None


def kinds() -> list[tuple[str, Promise]]:
    """The choices of ``Channel.kind``."""
    return [(vendor.kind, vendor.label) for vendor in VENDORS.values()]
