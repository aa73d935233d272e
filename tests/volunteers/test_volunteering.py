"""The public form: nothing stays of who does not finish, programs are slowed, an application arrives once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from rj_service.accounts.models import Organisation
from rj_service.audit.models import AccessLog
from rj_service.notifications.models import Notification
from rj_service.public_forms.actions import forget_old_answers
from rj_service.public_forms.models import PublicTry, UnsentAnswers
from tests.factories import LocalAreaFactory
from volunteers.models import Application, Campaign

BORN = {"date_of_birth_day": "4", "date_of_birth_month": "5", "date_of_birth_year": "1990"}
YOUNG = BORN | {"date_of_birth_year": str(timezone.localdate().year - 17), "date_of_birth_month": "1"}
ANSWERS = {
    "born": BORN,
    "name": {"first_name": "Ana", "last_name": "Ruiz"},
    "reach": {"email": "ana@example.org", "phone": "", "postcode": "PE1 1AA"},
    "area": {},
    "opportunity": {},
    "where": {"local_area": ""},
    "about": {"comes_from": "self", "why": "I was helped once", "experienced": "on"},
    "parent": {"parent": "Maria Ruiz, mother", "parent_contact": "07700 900142"},
    "referees": {
        "first_name": "Jo Park", "first_contact": "jo@example.org", "first_known": "employer",
        "second_name": "Bea Hill", "second_contact": "01632 960 004", "second_known": "teacher",
    },
    "help": {"adjustments": "", "heard_from": "A poster"},
    "agree": {"agrees": "on"},
}  # fmt: skip


@pytest.fixture
def campaign(area, cast):
    with scopes_disabled():
        return Campaign.objects.create(
            service_area=area,
            title="Community facilitators",
            target=10,
            status="advertised",
            person_specification="Listens",
            job_description="Prepares people",
            created_by=cast["coordinator"],
        )


def walk(client: Client, area, **given) -> list[str]:
    """Answers each question that comes; returns their keys."""
    answers, asked = ANSWERS | given, []
    answers["area"] = {"area": str(area.pk)}
    address = reverse("volunteer-question", args=["born"])
    while "/check/" not in address:
        key = address.rstrip("/").rpartition("/")[2]
        asked.append(key)
        response = client.post(address, answers[key])
        assert response.status_code == 302, (key, response.content.decode()[:2000])
        address = response["Location"]
    return asked


def application() -> Application:
    with scopes_disabled():
        return Application.objects.select_related("campaign").get()


def test_somebody_applies_to_what_is_advertised(area, cast, campaign):
    client = Client()
    asked = walk(client, area, opportunity={"campaign": str(campaign.pk)})
    assert asked == ["born", "name", "reach", "area", "opportunity", "where", "about", "referees", "help", "agree"]
    page = client.get(reverse("volunteer-check")).content.decode()
    assert "Jo Park" in page and "I was helped once" in page and "Anywhere" in page
    sent = client.post(reverse("volunteer-check"))
    assert sent["Location"] == reverse("volunteer-sent")
    found = application()
    with scopes_disabled():
        assert (found.status, found.campaign, found.kind) == ("applied", campaign, "experienced")
        assert found.local_area is None and found.references.count() == 2 and found.steps.count() == 1
    assert found.agreed_on == timezone.localdate()
    assert found.reference[:4] in client.get(sent["Location"]).content.decode()
    assert not UnsentAnswers.objects.exists()
    assert Notification.objects.filter(kind="application_received", user=cast["coordinator"]).exists()
    assert client.post(reverse("volunteer-check")).status_code == 410  # and not a second one


def test_without_a_campaign_it_is_an_enquiry_and_nobody_is_asked_for_referees(area, cast):
    client = Client()
    assert "referees" not in walk(client, area)
    client.post(reverse("volunteer-check"))
    assert application().status == "enquiry"


def test_at_17_a_parent_is_asked_for(area, cast, campaign):
    client = Client()
    assert "parent" in walk(client, area, born=YOUNG, opportunity={"campaign": str(campaign.pk)})
    client.post(reverse("volunteer-check"))
    assert application().kind == "young" and "Maria Ruiz, mother" in application().brings


def test_under_16_is_told_when_and_nothing_is_kept(area):
    year = str(timezone.localdate().year - 12)
    response = Client().post(reverse("volunteer-question", args=["born"]), BORN | {"date_of_birth_year": year})
    assert response.status_code == 422 and "16th birthday" in response.content.decode()
    assert not UnsentAnswers.objects.exists()


def test_a_place_of_another_area_is_not_offered(area, other_area, campaign):
    elsewhere = LocalAreaFactory(service_area=other_area, name="Thetford")
    client = Client()
    walk(client, area, opportunity={"campaign": "none"})
    wrong = client.post(reverse("volunteer-question", args=["where"]), {"local_area": str(elsewhere.pk)})
    assert wrong.status_code == 422


def test_a_program_that_fills_the_hidden_box_gets_no_further(area):
    response = Client().post(reverse("volunteer-question", args=["born"]), BORN | {"website": "x"})
    assert response.status_code == 422 and not UnsentAnswers.objects.exists()


def test_too_many_of_one_network_wait(area, settings):
    settings.RJ_PUBLIC_TRIES = {"begin": (2, 100), "send": (2, 100)}
    address = reverse("volunteer-question", args=["born"])
    assert [Client().post(address, BORN).status_code for _ in range(3)] == [302, 302, 429]


def test_what_nobody_sends_goes_after_half_an_hour(area):
    client = Client()
    client.post(reverse("volunteer-question", args=["born"]), BORN)
    later = timezone.now() - timedelta(minutes=31)
    UnsentAnswers.objects.update(kept_at=later)
    assert client.get(reverse("volunteer-question", args=["name"])).status_code == 410
    PublicTry.objects.update(tried_at=timezone.now() - timedelta(hours=2))
    assert forget_old_answers() == 1
    assert not PublicTry.objects.exists()


def test_what_is_closed_or_not_advertised_has_no_public_page(area, campaign):
    address = reverse("volunteer-opportunity", args=[campaign.pk])
    assert Client().get(address).status_code == 200
    assert "Community facilitators" in Client().get(reverse("volunteer-start")).content.decode()
    with scopes_disabled():
        Campaign.objects.update(status="draft")
    assert Client().get(address).status_code == 404
    assert "Community facilitators" not in Client().get(reverse("volunteer-start")).content.decode()
    assert not AccessLog.objects.filter(kind="view").exists()


def test_public_pages_lead_to_one_another_and_no_question_leads_away(area):
    """Whoever came to volunteer finds help, and the other way round; nothing in the frame of a form invites to leave it."""
    names = ["public-start", "about-restorative-justice", "volunteer-start", "training:check-certificate"]
    for name in names:
        html = Client().get(reverse(name)).content.decode()
        assert all(
            f'"govuk-footer__link" href="{reverse(to)}"' in html for to in ("public-start", "volunteer-start")
        ), name
    client = Client()
    walk(client, area)
    pages = [client.get(reverse("volunteer-check")), client.get(reverse("volunteer-question", args=["born"]))]
    pages.append(Client().get(reverse("contact-us-question", args=["reach"])))
    for page in pages:
        assert page.status_code == 200 and "Volunteer</a>" not in page.content.decode()
        assert "after a crime or a conflict</a>" not in page.content.decode()


def test_somebody_who_asks_through_where_they_work_is_taken_on_by_pages_alone(area, cast, campaign, signed_in):
    client = Client()
    walk(client, area, opportunity={"campaign": str(campaign.pk)}, about=ANSWERS["about"] | {"comes_from": "partner"})
    client.post(reverse("volunteer-check"))
    one, desk, today = application(), signed_in(cast["coordinator"]), timezone.localdate()
    page = reverse("volunteers:application", args=[one.pk])
    change = reverse("volunteers:change-application", args=[one.pk])
    shown = desk.get(page).content.decode()
    assert "The organisation that they come from is not known" in shown and change in shown
    with scopes_disabled():
        partner = Organisation.objects.get(name="Fenland Housing")
    filled = desk.get(change).context["form"].initial
    typed = {name: value or "" for name, value in filled.items() if name not in ("date_of_birth", "organisation")}
    typed |= BORN | {"local_area": ""}
    assert desk.post(change, typed | {"organisation": ""}).status_code == 422
    assert desk.post(change, typed | {"organisation": partner.pk, "email": "", "phone": ""}).status_code == 422
    assert desk.post(change, typed | {"organisation": partner.pk, "last_name": "Ruiz-Hale"}).status_code == 302
    day = {f"happened_on_{part}": getattr(today, part) for part in ("day", "month", "year")}
    for step in ("interview", "interview-held"):
        assert desk.post(reverse(f"volunteers:{step}", args=[one.pk]), day | {"words": ""}).status_code == 302
    with scopes_disabled():
        references = list(one.references.all())
    arrived = {name.replace("happened", "received"): value for name, value in day.items()} | {"is_satisfactory": "yes"}
    for reference in references:
        assert desk.post(reverse("volunteers:reference", args=[reference.pk]), arrived).status_code == 302
    assert "Before they can be taken on" not in desk.get(page).content.decode()
    assert desk.post(reverse("volunteers:take-on", args=[one.pk])).status_code == 302
    with scopes_disabled():
        taken_on = application().practitioner
        assert (taken_on.kind, taken_on.organisation, taken_on.status) == ("partner_nominee", partner, "vetting")
        assert taken_on.learner.last_name == "Ruiz-Hale"
    assert desk.post(change, typed | {"organisation": partner.pk}).status_code in (409, 422)
