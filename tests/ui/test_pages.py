"""The frame, the error pages and the headers, without the apps and without a database."""

import re

import pytest
from django.http import HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from rj_service.accounts.models import AccountMail
from rj_service.ui import views
from rj_service.ui.middleware import PrivateResponseMiddleware

pytestmark = pytest.mark.urls("tests.ui.addresses")

ACTING = {"role_label": "RJ coordinator", "area_name": "Cambridgeshire", "user_name": "Alex Morgan"}


def test_absent_and_hidden_are_the_same_bytes():
    factory = RequestFactory()
    pages = {
        views.not_found(factory.get(address), exception).content
        for address, exception in [
            ("/cases/1/", None),
            ("/x/", Exception("no such case")),
            ("/<b>/", Exception("hidden")),
        ]
    }
    assert len(pages) == 1


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (views.not_found, 404),
        (views.not_allowed, 403),
        (views.bad_request, 400),
        (views.broken, 500),
        (views.changed_meanwhile, 409),
        (views.link_ended, 410),
        (views.csrf_failure, 403),
    ],
)
def test_an_error_page_needs_no_script_and_has_a_way_out(view, status):
    response = view(RequestFactory().get("/"))
    html = response.content.decode()
    assert response.status_code == status
    assert "<script" not in html
    assert html.count("<h1") == 1 and 'href="/"' in html


def test_who_may_do_it_is_said_and_escaped():
    html = views.not_allowed(RequestFactory().get("/"), Exception("Only <b>Dawn</b> may do this.")).content.decode()
    assert "Only &lt;b&gt;Dawn&lt;/b&gt; may do this." in html
    assert "debug words" not in views.not_allowed(RequestFactory().get("/"), Exception("debug words")).content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_is_kept_by_a_browser(method):
    def answer(request):
        return HttpResponse(headers={"Cache-Control": "max-age=600"})

    response = PrivateResponseMiddleware(answer)(getattr(RequestFactory(), method)("/cases/"))
    assert response["Cache-Control"] == "no-store, no-cache, private, must-revalidate"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Clear-Site-Data" not in response


def test_signing_out_clears_the_browser():
    def answer(request):
        return HttpResponse()

    response = PrivateResponseMiddleware(answer)(RequestFactory().post("/sign-out/"))
    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'


def test_the_frame_names_who_acts_and_what_is_recorded():
    html = render_to_string(
        "ui/staff.html",
        {
            "acting": ACTING,
            "navigation": [{"label": "Home", "url": "/", "current": True}, {"label": "Cases", "url": "/cases/"}],
            "duty_phone": "01632 960 018",
            "demo": True,
        },
    )
    assert "Cambridgeshire" in html and "Alex Morgan, RJ coordinator" in " ".join(html.split())
    assert html.count('aria-current="true"') == 1
    assert "Duty manager out of hours: 01632 960 018." in html
    assert "Everything you open here is recorded." in html
    assert "Invented people." in html
    assert 'id="session-end"' in html and "session.js" in html


def test_nobody_signed_in_gets_no_session_end_and_no_navigation():
    html = render_to_string("ui/staff.html", {})
    assert "session-end" not in html and "Sign out" not in html and "Invented people" not in html


def test_a_public_page_has_the_exit_and_sends_no_referrer():
    html = render_to_string("ui/public.html", {})
    assert "Exit this page" in html and 'name="referrer" content="same-origin"' in html
    assert "casework" not in html


CASES = """{% table "Cases" "rj-list--triage" %}{% for row in rows %}{% row row.bar %}
    {% cell "Case" %}{{ row.case }}{% endcell %}
    {% cell "Lead" %}{{ row.lead|default:"Nobody" }}{% endcell %}
    {% if may_assign %}{% cell "Change" %}Assign{% endcell %}{% endif %}
{% endrow %}{% endfor %}{% endtable %}"""


def table(**context) -> str:
    rows = [{"case": "7K4M-R9", "lead": "", "bar": "stop"}, {"case": "<b>", "lead": "F Rees", "bar": "ok"}]
    return Template(CASES).render(Context({"rows": rows, **context}))


def test_a_list_keeps_its_meaning_as_cards():
    html = table()
    assert html.count('role="row"') == 3 and html.count('role="rowheader"') == 2
    assert 'data-label="Lead">Nobody<' in html and 'class="govuk-table rj-list rj-list--triage" role="table"' in html
    assert html.count("rj-row--") == html.count("rj-row--stop") == 1
    assert "&lt;b&gt;" in html and '<caption class="govuk-visually-hidden">Cases</caption>' in html


@pytest.mark.parametrize(("may_assign", "heads"), [(False, ["Case", "Lead"]), (True, ["Case", "Lead", "Change"])])
def test_the_cells_make_the_head(may_assign, heads):
    assert re.findall(r'role="columnheader">([^<]*)<', table(may_assign=may_assign)) == heads


JOB = {"progress_done": 3120, "progress_total": 10000, "created_at": None}


@pytest.mark.parametrize(
    ("state", "shows", "polls"),
    [
        ("queued", "Waiting to start", True),
        ("running", "3,120 of 10,000 rows", True),
        ("failed", "It did not work", False),
        ("done", "Done", False),
    ],
)
def test_a_job_is_asked_about_only_until_it_ends(state, shows, polls):
    html = render_to_string("ui/job.html", {"heading": "Import", "job": AccountMail(state=state, **JOB)})
    assert shows in html
    assert ('hx-trigger="every 3s"' in html) is polls
    assert ('http-equiv="refresh"' in html) is polls


def test_answers_to_check_are_escaped_and_name_what_a_link_changes():
    sections = [{"title": "You", "rows": [{"label": "Name", "value": "<b>\nx", "change_url": "/1/"}, {"label": "Age"}]}]
    html = render_to_string("ui/check.html", {"sections": sections, "button": "Send"})
    assert "&lt;b&gt;<br>x" in html and "Not given" in html
    assert 'Change<span class="govuk-visually-hidden"> name</span>' in html
