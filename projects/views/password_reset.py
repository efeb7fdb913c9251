from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from projects import tasks
from projects.forms.members import EmailForm


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def password_reset(request: HttpRequest) -> HttpResponse:
    """Ask for a link to choose a new password; the answer is the same for every address."""
    form = EmailForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        tasks.request_password_reset(form.cleaned_data["email"], translation.get_language() or "")
        return redirect("password_reset_done")
    status = 422 if form.is_bound else 200
    return render(request, "registration/password_reset.html", {"form": form}, status=status)
