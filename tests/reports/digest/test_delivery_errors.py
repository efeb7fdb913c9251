from __future__ import annotations

from django.utils import translation

from reports import channels
from reports.digest import dispatch
from reports.digest.delivery_errors import explain
from reports.models import Delivery, SendState
from tests.tables import each_row


def words(error: str, *, is_chat: bool = False, state: SendState = SendState.FAILED) -> str:
    explanation = explain(Delivery(error=error, is_chat=is_chat, state=state))
    assert explanation is not None
    with translation.override("en"):
        return str(explanation.words)


@each_row(
    ("error", "explanation"),
    [
        ("550 5.1.1 <x>: User unknown", "There is no such mailbox"),
        ("550 no such user", "There is no such mailbox"),
        ("552 5.2.2 over quota", "The mailbox is full"),
        ("452 4.2.2 over quota", "The mailbox is full"),
        ("552 message exceeds size", "The mail is too large for the recipient's server"),
        ("554 5.7.1 spam", "The recipient's server refuses the mail, perhaps as spam"),
        ("571 whatever", "The recipient's server refuses the mail, perhaps as spam"),
        ("450 4.7.1 greylisted", "The recipient's server takes no mail at the moment"),
        ("451 local error", "The recipient's server takes no mail at the moment"),
        ("535 5.7.8 bad credentials", "The mail server does not accept our sign-in"),
        ("421 closing", "The mail server cannot be reached"),
        ("[Errno 111] Connection refused", "The mail server cannot be reached"),
        ("timed out", "The mail server cannot be reached"),
        ("Connection unexpectedly closed", "The connection to the mail server broke off"),
        ("Invalid address 'x'", "This is no mail address"),
        ("no template", "The mail could not be sent"),
    ],
)
def test_reply_of_a_mail_server_is_explained(error: str, explanation: str) -> None:
    assert words(error) == explanation


def test_reply_is_kept_beside_the_explanation() -> None:
    explanation = explain(Delivery(error="550 no such user", state=SendState.FAILED))
    assert explanation is not None
    assert explanation.answer == "550 no such user"


def test_sent_delivery_needs_no_explanation() -> None:
    assert explain(Delivery(state=SendState.SENT)) is None


@each_row("reason", [dispatch.UNSUBSCRIBED, dispatch.LEFT, dispatch.SWITCHED_OFF])
def test_unwanted_delivery_has_an_explanation(reason: str) -> None:
    assert words(reason, state=SendState.UNWANTED) != reason


@each_row("why", channels.Why)
def test_error_of_a_chat_is_explained(why: channels.Why) -> None:
    with translation.override("en"):
        explanation = explain(Delivery(error=f"{why}: 19001", is_chat=True))
        assert explanation is not None
        assert str(explanation.words) == str(channels.Rejected(why))
    assert explanation.answer == "19001"
    assert words("a fault of ours", is_chat=True) == "The message could not be posted"
