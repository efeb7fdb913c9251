"""PostgreSQL stops under a running machine, and comes back."""

from __future__ import annotations

from collections.abc import Callable

from tests.machine.machine import Machine
from tests.machine.parts.processes import wait_until
from tests.machine.parts.web import at_once


def test_the_web_says_503_keeps_what_was_typed_and_takes_up_again(
    machine: Machine, figure: Callable[[str], None]
) -> None:
    made = machine.inside("team", slug="away", projects=1, reports=False)
    browser = machine.browser("away-lead")
    path = f"/t/away/projects/{made['projects'][0]}/checkin/"
    form = {**browser.form(path), "text": "写了很久的话"}

    machine.postgres.stop()
    page, refused_form, health = at_once(
        [
            lambda: browser.get("/t/away/"),
            lambda: browser.post(path, form),
            lambda: machine.browser().get("/health/"),
        ]
    )
    assert (page.status, page.headers["Retry-After"]) == (503, "5")
    assert "The database does not answer" in page.text
    assert '<link rel="stylesheet"' in page.text
    assert refused_form.status == 503
    assert 'name="text" value="写了很久的话"' in refused_form.text
    assert health.status == 503
    assert '"database": false' in health.text
    assert machine.browser().get("/accounts/login/").status == 200  # which asks for no database
    slowest = max(page.seconds, refused_form.seconds, health.seconds)
    assert slowest < 6

    came_back = machine.clock()
    machine.postgres.start()
    web = wait_until("the page is back", lambda: browser.get("/t/away/").status == 200, 10)
    saved = browser.post(path, form)
    assert saved.status == 200
    assert machine.query("SELECT text FROM projects_statusentry WHERE team_id = %s", made["team"])
    wait_until("the workers tick", lambda: machine.ticked_since(came_back), 10)
    figure(
        f"database away: 503 within {slowest:.1f} s; served again {web:.1f} s after it was back, "
        "without a restart of web or workers"
    )


def test_a_database_that_can_be_read_only_shows_pages_and_says_that_it_takes_nothing(
    machine: Machine, figure: Callable[[str], None]
) -> None:
    made = machine.inside("team", slug="standby", projects=1)
    browser = machine.browser("standby-lead")
    path = f"/t/standby/projects/{made['projects'][0]}/checkin/"
    form = {**browser.form(path), "text": "写了很久的话"}
    pages = ["/t/standby/", "/t/standby/checkin/", f"/t/standby/weeks/{made['label']}/draft/", path]
    machine.postgres.query_alone("ALTER SYSTEM SET default_transaction_read_only = on")
    machine.postgres.query_alone("SELECT pg_reload_conf()")
    try:
        wait_until("it takes nothing", lambda: browser.post(path, form).status == 503)
        refused = browser.post(path, form)
        answers = [browser.get(page) for page in pages]
    finally:
        machine.postgres.query_alone("ALTER SYSTEM RESET default_transaction_read_only")
        machine.postgres.query_alone("SELECT pg_reload_conf()")
    assert "<h1>Nothing can be saved at the moment</h1>" in refused.text
    assert 'name="text" value="写了很久的话"' in refused.text
    assert [answer.status for answer in answers] == [200] * len(pages)
    wait_until("it is saved", lambda: browser.post(path, form).status == 200)
    figure(f"database read-only: {len(pages)} pages shown, a save refused and kept, then saved")
