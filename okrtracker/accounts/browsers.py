"""The browser and the system that a User-Agent header names, in words people know."""

from __future__ import annotations

from typing import Final

# The first that stands in the header: others name those before them, too.
_BROWSERS: Final = (
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("Lark", "Feishu"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def words_of(user_agent: str) -> str:
    """``Chrome · Windows``; of what is unknown nothing."""
    named = (
        next((words for part, words in parts if part in user_agent), "")
        for parts in (_BROWSERS, _SYSTEMS)
    )
    return " · ".join(filter(None, named))
