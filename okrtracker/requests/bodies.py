"""A body larger than its address takes, and files where none are expected, get nowhere."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import bad_request as broken

from okrtracker.serving.limits import largest_body, largest_upload


class _NoFiles(FileUploadHandler):
    """Passes over each file; the other fields of the form are read."""

    def new_file(self, *_arguments: Any, **_more: Any) -> NoReturn:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Django skips what is in the file."""

    def file_complete(self, file_size: int) -> None:
        """No file."""


class BodyMiddleware:
    """Stands behind the session and the language, and before whatever reads the form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        size = int(length) if length.isascii() and length.isdigit() else 0
        if size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and size > (most := largest_body(request)):
            return _too_large(most)
        if request.content_type == "multipart/form-data" and not largest_upload(request.path_info):
            request.upload_handlers = [_NoFiles(request)]
        return self.get_response(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The project's ``handler400``: of what is too much it says so."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return _too_large(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return broken(request, exception)


def _too_large(most: int) -> HttpResponse:
    page = render_to_string("413.html", {"most": f"{most / 2**20:.3g}"})
    return HttpResponse(page, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
