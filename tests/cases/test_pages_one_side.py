"""A practitioner of one side: that side alone, built from what belongs to it, and no trace of the other."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import Side
from referrals.actions import NewPerson
from rj_service.accounts.acting import acting_as
from rj_service.audit.models import AccessLog
from tests.cases.conftest import assess, consent, side_of
from tests.volunteers.factories import ready_practitioner
from volunteers.choices import Level

pytestmark = pytest.mark.django_db

OTHER = ("Zqfirst", "Zqlast", "Zqneeds", "07700 900271", "Zqauthority", "Zqnote", "Zqco")
PAGES = [
    "desk", "people", "consents", "legal-bars", "contacts", "assessments", "meetings", "agreement", "log-contact", "documents",
]  # fmt: skip
FOR_BOTH = ["plan-intervention", "history", "surveys", "close", "assignment-desk", "sign-off"]


@pytest.fixture
def one_sided(open_case, coordinator, cast, area, today):
    """A case whose practitioner works with the harmed side; everything about the other side carries a canary."""
    responsible = NewPerson(
        first_name="Zqfirst", last_name="Zqlast", communication_needs="Zqneeds", phone="07700 900271", may_phone=True
    )
    case = open_case(responsible=responsible)
    known = {"by": coordinator, "today": today}
    mine = ready_practitioner(area, today, user=cast["practitioner"])
    theirs = ready_practitioner(area, today, user=cast["off_case_practitioner"], level=Level.ADVANCED)
    theirs.learner.last_name = "Zqco"
    theirs.learner.save()
    actions.assign(not_asked="otherwise", case=case, practitioner=mine, role="co_facilitator", sides="harmed", **known)
    actions.assign(not_asked="otherwise", case=case, practitioner=theirs, role="lead", sides="responsible", **known)
    other = side_of(case, Side.RESPONSIBLE)
    actions.log_contact(
        participant=other, method="visit", result="spoke", occurred_at=timezone.now(), note="Zqnote", they_began=True,
        **known,
    )  # fmt: skip
    assess(case, Side.RESPONSIBLE, **known)
    assess(case, Side.HARMED, **known)
    actions.record_legal_bar(participant=other, kind="bail", authority="Zqauthority", starts_on=today, **known)
    for side in ("responsible", "neither"):
        actions.keep_document(case=case, side=side, kind="letter", words="Zqnote", content=b"Zqnote", **known)
    meeting = actions.plan_intervention(case=case, model="face_to_face_conference", venue="Zqnote hall", **known)
    return case, meeting


@pytest.fixture
def phone(cast, signed_in):
    return signed_in(cast["practitioner"])


def test_no_page_shows_anything_of_the_other_side(one_sided, phone):
    case, meeting = one_sided
    pages = [reverse(f"cases:{name}", args=[case.pk]) for name in PAGES]
    pages += [reverse("cases:readiness", args=[case.pk, meeting.pk]), reverse("cases:mine"), reverse("cases:my-work")]
    for url in pages:
        response = phone.get(url, follow=True)
        text = response.content.decode()
        assert response.status_code == 200
        assert "rj-chip--responsible" not in text, url
        assert [token for token in OTHER if token in text] == [], url


def test_the_other_side_is_not_there(one_sided, phone):
    case, _ = one_sided
    with acting_as(case.coordinator):
        other = side_of(case, Side.RESPONSIBLE)
    for name in ("reveal-contact", "log-contact-with", "record-consent", "assessment"):
        assert phone.get(reverse(f"cases:{name}", args=[case.pk, other.pk])).status_code == 404, name
    for name in FOR_BOTH:
        assert phone.get(reverse(f"cases:{name}", args=[case.pk])).status_code in (403, 404), name


def test_the_meeting_as_a_whole_is_all_they_read_of_it(one_sided, phone):
    case, meeting = one_sided
    page = phone.get(reverse("cases:readiness", args=[case.pk, meeting.pk])).content.decode()
    assert "The meeting as a whole: not ready yet" in page
    assert "Bail" not in page
    assert "Responsible side" not in page
    desk = phone.get(reverse("cases:desk", args=[case.pk])).content.decode()
    assert "The other side is worked by somebody else. Ask Dana Castle." in desk


def test_the_access_log_holds_their_side_only(one_sided, phone):
    case, _ = one_sided
    phone.get(reverse("cases:desk", args=[case.pk]))
    row = AccessLog.objects.filter(page="cases:desk").latest("id")
    with acting_as(case.coordinator):
        assert row.people == [side_of(case, Side.HARMED).person_id]


def test_both_sides_stand_apart_for_a_lead_of_both(ready, phone):
    page = phone.get(reverse("cases:desk", args=[ready.case.pk])).content.decode()
    assert page.index("rj-side--harmed") < page.index("rj-wall") < page.index("rj-side--responsible")
    assert "The other side is worked by somebody else" not in page


def test_consent_taken_back_is_seen_at_once(ready, phone):
    consent(ready.case, Side.HARMED, "survey", by=ready.by, today=ready.today)
    actions.withdraw_consent(participant=ready.harmed, purpose="take_part", by=ready.by, today=ready.today)
    page = phone.get(reverse("cases:desk", args=[ready.case.pk])).content.decode()
    assert "Withdrawn" in page


def test_whoever_knows_somebody_is_shut_out_at_once(ready, phone):
    url = reverse("cases:declare-conflict", args=[ready.case.pk])
    assert "You lose sight of this case at once" in phone.get(url).content.decode()
    assert phone.post(url)["Location"] == reverse("cases:my-work")
    assert phone.get(reverse("cases:desk", args=[ready.case.pk])).status_code == 404
    assert ready.case.reference[:4] not in phone.get(reverse("cases:my-work")).content.decode()
