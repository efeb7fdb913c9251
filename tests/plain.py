"""A browser without JavaScript and without a screen, on Django's test client.

It follows links and sends forms as they stand on the page: with their hidden fields, the button
that was pressed, and the CSRF token, which is checked. What only a real browser can show (scripts,
layout, focus) is tried in ``tests/e2e``.
"""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urljoin

from django.http import HttpResponse
from django.test import Client
from django.test.client import ClientHandler
from lxml.html import FormElement, HtmlElement, document_fromstring


class PlainBrowser:
    """Of one reader; ``client`` is signed in, or not."""

    def __init__(self, client: Client, path: str = "") -> None:
        client.handler = ClientHandler(enforce_csrf_checks=True)  # of its own: see conftest
        self.client = client
        self.path = ""
        self.response: HttpResponse
        if path:
            self.open(path)

    def open(self, path: str) -> None:
        self._arrive(self.client.get(path, follow=True))

    def _arrive(self, response: Any) -> None:
        self.response = response
        self.path = response.wsgi_request.get_full_path()
        self.page = cast("HtmlElement", document_fromstring(response.content.decode()))
        for area in self.page.iter("textarea"):
            area.text = (area.text or "").removeprefix("\n")  # as the HTML standard has it

    def fill(self, name: str, value: str) -> None:
        """Type into the first field of that name in the main part of the page, or choose there."""
        for form in self._forms():
            if name in form.fields:
                form.fields[name] = value
                return
        raise AssertionError(f"no field is named {name}")

    def check(self, name: str) -> None:
        (box,) = self.page.xpath(f"//main//input[@type='checkbox' and @name='{name}']")
        box.checked = True

    def value(self, name: str) -> str:
        return next(form.fields[name] for form in self._forms() if name in form.fields) or ""

    def press(self, label: str) -> None:
        """The first button of the main part that reads so."""
        button = next(
            button
            for button in self.page.xpath("//main//button[not(@type='button')]")
            if " ".join(button.text_content().split()) == label or button.get("aria-label") == label
        )
        self._send(button)

    def switch_language(self) -> None:
        """By the button in the head of the page."""
        (button,) = self.page.xpath("//header//button[@name='language' or @name='switch_to']")
        self._send(button)

    def _send(self, button: HtmlElement) -> None:
        form = self._form_of(button)
        fields = dict[str, list[str]]()
        for name, value in (*form.form_values(), *self._outside(form)):
            fields.setdefault(name, []).append(value)
        if name := button.get("name"):
            fields[name] = [button.get("value", "")]
        address = urljoin(self.path, button.get("formaction") or form.get("action") or "")
        is_post = button.get("formmethod", form.method).upper() == "POST"
        send = self.client.post if is_post else self.client.get
        referer = f"http://testserver{self.path}"
        self._arrive(send(address, fields, follow=True, headers={"Referer": referer}))

    def follow(self, label: str) -> None:
        """The first link of the main part that reads so."""
        links = self.page.xpath("//main//a[@href]")
        link = next(anchor for anchor in links if " ".join(anchor.text_content().split()) == label)
        self.open(urljoin(self.path, link.get("href")))

    def marked_as_wrong(self) -> dict[str, str]:
        """The fields that came back as wrong, with what stands in them."""
        names = self.page.xpath("//main//*[@aria-invalid='true']/@name")
        return {name: self.value(name) for name in dict.fromkeys(names)}

    def _forms(self) -> list[FormElement]:
        return cast("list[FormElement]", self.page.xpath("//main//form"))

    def _outside(self, form: FormElement) -> list[tuple[str, str]]:
        """What the ticked boxes send that name the form, but stand elsewhere on the page."""
        boxes = self.page.xpath("//input[@type='checkbox' and @form=$id]", id=form.get("id", ""))
        return [(box.name, box.get("value", "on")) for box in boxes if box.checked]

    def _form_of(self, button: HtmlElement) -> FormElement:
        if name := button.get("form"):
            return cast("FormElement", self.page.get_element_by_id(name))
        return cast("FormElement", next(button.iterancestors("form")))
