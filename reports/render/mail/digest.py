"""The digest mail of a page: rendered once for each edition and language, addressed to many."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okrtracker.mail.message import Message
from okrtracker.mail.mime import Mail, OwnPart, site_host
from reports.render import editions, finding_words
from reports.render.mail import digest_html, digest_text, headline
from reports.render.mail.digest_html import Joined, View
from reports.render.mail.pictures import Album
from reports.weekly.changes import Imprint
from reports.weekly.comparison import objectives_of
from reports.weekly.document import WeeklyDocument
from reports.weekly.lines import in_one_line
from reports.weekly.needs import Owed

_FINDINGS: Final = 10  # of the page as a whole, at the top
_OBJECTIVES: Final = 12
_CHANGES: Final = 8  # of a correction


def compose(document: WeeklyDocument, imprint: Imprint | None, language: str) -> Mail:
    """The mail of an edition; without an imprint, that of a page that is not published yet.

    The same for the same page, whenever it is made.
    """
    with translation.override(language):
        view, host = _view(document, imprint), site_host()
        album = Album(host)
        html = digest_html.html(document, view, album)
        list_name = _("%(team)s weekly") % {"team": " ".join(document.team_name.split())}
        return Mail(
            subject=view.subject,
            text=digest_text.text(document, view),
            html=html,
            images=album.keep(html),
            language=language,
            list_id=f"<weekly.{document.team_slug}.{host}>",
            list_name=list_name,
            pdf_name=f"{list_name} {document.label}.pdf".replace("/", "-"),
        )


def message_for(
    mail: Mail,
    *,
    to: str,
    name: str,
    message_id: str,
    owed: Owed | None,
    unsubscribe_url: str,
    at: datetime | None = None,
) -> Message:
    """One reader's copy, with what they owe. Raises ``ValueError`` as ``Message`` does."""
    return Message(
        mail,
        to=to,
        name=name,
        message_id=message_id,
        unsubscribe_url=unsubscribe_url,
        own=own_part(mail.language, owed, unsubscribe_url),
        at=at,
    )


def own_part(language: str, owed: Owed | None, unsubscribe_url: str) -> OwnPart:
    """What stands in one reader's copy alone."""
    if not owed and not unsubscribe_url:
        return OwnPart()
    with translation.override(language):
        return OwnPart(
            top_text=digest_text.owed(owed) if owed else "",
            top_html=digest_html.owed(owed) if owed else "",
            foot_text=digest_text.unsubscribe(unsubscribe_url) if unsubscribe_url else "",
            foot_html=digest_html.unsubscribe(unsubscribe_url) if unsubscribe_url else "",
        )


def _view(document: WeeklyDocument, imprint: Imprint | None) -> View:
    year = document.week.year
    path = reverse("reports:weekly_page", args=(document.team_slug, document.week.isoformat()))
    lines = headline.lines(document)
    news = (
        f"{line.label} {line.items[0].name} {line.items[0].figures}" for line in lines if line.items
    )
    findings = [
        finding_words.judged(finding, year=year)
        for finding in document.findings
        if finding.project_id is None
    ]
    changes = _changes(imprint, year) if imprint else ()
    corrected = _corrected(imprint, changes) if imprint else ""
    return View(
        subject=_subject(document, corrected),
        page=settings.SITE_URL + path,
        preview=" · ".join(changes if corrected else news),
        lines=lines,
        imprint=_imprint(imprint, year) if imprint else (),
        joined=_joined(document, imprint) if imprint else (),
        corrected=corrected,
        changes=changes,
        findings=tuple(findings[:_FINDINGS]),
        objectives=objectives_of(document)[:_OBJECTIVES],
        is_draft=imprint is None,
    )


def subject_of(document: WeeklyDocument, imprint: Imprint) -> str:
    """The subject of an edition's mail, in the active language."""
    return _subject(document, _corrected(imprint, _changes(imprint, document.week.year)))


def _subject(document: WeeklyDocument, corrected: str) -> str:
    if corrected:
        return headline.subject_of_correction(document, corrected)
    return headline.subject(document)


def _imprint(imprint: Imprint, year: int) -> tuple[str, ...]:
    lines = [editions.published(imprint, year=year)]
    if imprint.note and not imprint.follows_mail:
        lines.append(in_one_line(editions.reason(imprint), longest=400))
    return tuple(lines)


def _joined(document: WeeklyDocument, imprint: Imprint) -> tuple[Joined, ...]:
    return tuple(
        Joined(
            label=week.label,
            days=editions.within(week, year=document.week.year),
            page=settings.SITE_URL
            + reverse("reports:weekly_page", args=(document.team_slug, week.week.isoformat())),
        )
        for week in imprint.joined
    )


def _corrected(imprint: Imprint, changes: tuple[str, ...]) -> str:
    """What a reader who has the mail of an earlier edition is told first; else empty."""
    if not imprint.follows_mail:
        return ""
    words = imprint.note or (changes[0] if changes else editions.edition(imprint.number))
    return in_one_line(words, longest=400)


def _changes(imprint: Imprint, year: int) -> tuple[str, ...]:
    """What a correction changes, most of it; the page has it all."""
    lines = [editions.change_text(change, year=year) for change in imprint.changes[:_CHANGES]]
    if (more := len(imprint.changes) - _CHANGES) > 0:
        lines.append(ngettext("%(n)s more", "%(n)s more", more) % {"n": more})
    return tuple(lines)
