from __future__ import annotations

import email
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

from okrtracker.mail.message import Message
from okrtracker.mail.mime import FOOT_HTML, TOP_HTML, Mail, OwnPart, Picture
from tests.tables import each_row

AT = datetime(2024, 6, 21, 10, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n" + bytes(range(256))
OWN = OwnPart("待更新 巡检工具\n", '<div class="owes">巡检工具</div>', "退订", "<a>退订</a>")
LINK = "https://okr.example.com/subscription/abc/"


def a_mail(pdf: bytes | None = None) -> Mail:
    return Mail(
        subject="支付产研周报 2024-W25：贝易转上线，POS 延期 10 天，1 起生产事件，还有一些很长的话",
        text="你好\n\x1eowed\x1e进展\n\x1eunsubscribe\x1e\n",
        html=f"<p>你好</p>{TOP_HTML}<img src='cid:chart-1@x'>{FOOT_HTML}</html>\n",
        images=(Picture("chart-1@okr.example.com", PNG),),
        language="zh-hans",
        list_id="<weekly.pay.okr.example.com>",
        list_name="支付产研周报",
        pdf_name="支付产研周报 2024-W25.pdf",
        pdf=pdf,
    )


def message(made: Mail | None = None, **more: object) -> Message:
    asked: dict[str, object] = {
        "to": "chen@example.com",
        "name": "陈默",
        "message_id": "<digest-7@okr.example.com>",
        "unsubscribe_url": LINK,
        "from_email": "OKR Tracker <okr@example.com>",
        "at": AT,
    }
    return Message(made or a_mail(), **(asked | more))  # type: ignore[arg-type]


def parsed(sent: Message) -> EmailMessage:
    read = email.message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def test_head_names_sender_reader_list_and_identifier() -> None:
    read = parsed(message())
    assert read["Subject"] == a_mail().subject
    assert str(read["To"]) == "陈默 <chen@example.com>"
    assert str(read["From"]) == "OKR Tracker <okr@example.com>"
    assert read["Message-ID"] == "<digest-7@okr.example.com>"
    assert read["Date"].datetime == AT
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["List-Id"].endswith("<weekly.pay.okr.example.com>")
    assert read["List-Unsubscribe"] == f"<{LINK}>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_mail_without_unsubscribe_link_has_no_list_headers() -> None:
    read = parsed(message(unsubscribe_url=""))
    assert "List-Unsubscribe" not in read
    assert "List-Unsubscribe-Post" not in read


@each_row("pdf", [None, b"%PDF-1.7 " + bytes(range(256)) * 9])
def test_message_has_text_html_pictures_and_pdf(pdf: bytes | None) -> None:
    read = parsed(message(a_mail(pdf), own=OWN))
    kinds = [part.get_content_type() for part in read.walk()]
    body = ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
    assert kinds == (["multipart/mixed", *body, "application/pdf"] if pdf else body)
    assert not [part.defects for part in read.walk() if part.defects]
    text, html = read.get_body(("plain",)), read.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "待更新 巡检工具" in text.get_content()
    assert "退订" in text.get_content()
    assert 'class="owes"' in html.get_content()
    assert html.get_content().rstrip().endswith("</html>")
    picture = next(part for part in read.walk() if part.get_content_type() == "image/png")
    assert picture.get_content() == PNG
    assert picture["Content-ID"] == "<chart-1@okr.example.com>"
    if pdf:
        (attached,) = read.iter_attachments()
        assert attached.get_content() == pdf
        assert attached.get_filename() == "支付产研周报 2024-W25.pdf"


@each_row("name", ['a"b; x="c.pdf', "a\\b.pdf", '周报"x.pdf'])
def test_file_name_with_quotes_stays_one_name(name: str) -> None:
    read = parsed(message(replace(a_mail(b"%PDF"), pdf_name=name)))
    (attached,) = read.iter_attachments()
    assert attached.get_filename() == name
    assert dict(attached["Content-Disposition"].params) == {"filename": name}


def test_lines_are_short_ascii_and_end_as_the_wire_wants_them() -> None:
    made = replace(a_mail(), html="<p>" + "长" * 30_000 + "</p>" + TOP_HTML + FOOT_HTML)
    wire = message(made, own=OWN).written()
    lines = wire.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert wire.isascii()
    assert b"\n" not in wire.replace(b"\r\n", b"")
    assert b"\r" not in wire.replace(b"\r\n", b"")


def test_copies_differ_only_in_what_is_the_readers_own() -> None:
    made = a_mail()
    assert message(made).written() == message(made).written()
    other = parsed(message(made, to="xu@example.com", name="许澄", unsubscribe_url=LINK + "2"))
    assert str(other["To"]) == "许澄 <xu@example.com>"
    assert other["List-Unsubscribe"] == f"<{LINK}2>"


@each_row(
    ("name", "address", "shown"),
    [
        ("", "a@example.com", "a@example.com"),
        ('O"Neil, Ann', "a@example.com", '"O\\"Neil, Ann" <a@example.com>'),
        ("陈\r\nBcc: x@example.com", "a@example.com", '"陈 Bcc: x@example.com" <a@example.com>'),
        ("许澄", "a@bücher.example", "许澄 <a@xn--bcher-kva.example>"),
    ],
)
def test_names_and_addresses(name: str, address: str, shown: str) -> None:
    read = parsed(message(name=name, to=address))
    assert str(read["To"]) == shown
    assert "Bcc" not in read


def test_a_long_name_is_folded() -> None:
    # Python puts a blank between the words that it was encoded in; the standard has none there.
    assert str(parsed(message(name="许" * 40))["To"]).replace(" ", "").startswith("许" * 40 + "<")


@each_row("address", ["名@example.com", "a@b.c\r\nBcc: x@y.z", "a" * 1000 + "@b.c"])
def test_address_that_no_header_can_hold_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="head of a mail"):
        message(to=address)


def test_message_is_sent_by_djangos_connection() -> None:
    message(own=OWN).send()
    (sent,) = django_mail.outbox
    assert sent.to == ["chen@example.com"]
    assert sent.subject == a_mail().subject
    assert "待更新 巡检工具" in sent.body
    assert sent.message()["List-Unsubscribe"] == f"<{LINK}>"
    body = sent.message().get_body(("html",))
    assert body is not None
    assert "owes" in body.get_content()


def test_lines_end_as_the_policy_says() -> None:
    assert b"\r\n" not in message().message().as_bytes()
    assert b"\r\n" in message().message(policy=policy.SMTP).as_bytes()


def test_envelope_holds_addresses_without_names() -> None:
    sender = "支付产研的周报机器人，每周五下午准时送达，请勿直接回复 <okr@example.com>"
    sent = message(from_email=sender)
    backend = SmtpBackend(alias="default", host="localhost")
    assert backend.prep_address(sent.from_email) == "okr@example.com"
    assert [backend.prep_address(address) for address in sent.recipients()] == ["chen@example.com"]
    shown = parsed(sent)["From"].addresses[0]
    assert shown.addr_spec == "okr@example.com"
    assert shown.display_name.replace(" ", "") == sender.partition(" <")[0]
