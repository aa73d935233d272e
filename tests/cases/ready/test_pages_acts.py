"""What a page does: one act each, refusals beside the typed words, and nothing reached by an address that does not fit."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import ITEMS, InterventionStatus, Side
from cases.models import (
    Agreement,
    Assessment,
    AssessmentItem,
    Assignment,
    Attendance,
    Case,
    Commitment,
    Contact,
    Intervention,
    Invitation,
    Participant,
    SurveyResponse,
)  # fmt: skip
from referrals.choices import ConsentPurpose
from referrals.models import Consent, LegalBar
from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import KeptForm
from rj_service.accounts.tokens import digest
from rj_service.audit.models import AccessLog
from tests.cases.conftest import consent, side_of
from tests.typed import typed
from tests.volunteers.factories import ready_practitioner

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast, signed_in) -> Client:
    return signed_in(cast["coordinator"])


ALONE = {"asked_how": "in_person", **typed(asked_on=timezone.localdate())}


def post(client, name: str, *args, expected: int = 302, **data):
    response = client.post(reverse(f"cases:{name}", args=args), data)
    assert response.status_code == expected, response.content.decode()[-3000:]
    return response


def test_accepting_twice_opens_one_case_and_says_so(refer, desk, cast):
    referral = refer()
    first = post(desk, "accept-referral", referral.pk)
    again = desk.post(reverse("cases:accept-referral", args=[referral.pk]), follow=True)
    assert again.redirect_chain[0][0] == first["Location"]
    assert "Nothing was done twice" in again.content.decode()
    with acting_as(cast["coordinator"]):
        assert Case.objects.filter(referral=referral).count() == 1


def test_a_contact_is_logged_from_the_phone(ready, cast, signed_in):
    phone = signed_in(cast["practitioner"])
    page = phone.get(reverse("cases:log-contact-with", args=[ready.case.pk, ready.harmed.pk])).content.decode()
    assert page.index("Before you call") < page.index("Save contact")
    assert "07700" not in page
    post(
        phone,
        "log-contact-with",
        ready.case.pk,
        ready.harmed.pk,
        method="phone",
        result="spoke",
        note="Fine",
        when="now",
    )
    assert Contact.objects.get(case=ready.case).note == "Fine"


def test_typed_words_are_kept_when_something_is_missing(ready, desk):
    page = post(
        desk, "log-contact-with", ready.case.pk, ready.harmed.pk, expected=422, method="phone", note="Kept words"
    )
    assert "Kept words" in page.content.decode()
    assert "Choose what happened" in page.content.decode()


def test_revealing_contact_details_is_a_reveal_in_the_access_log(ready, desk):
    page = desk.get(reverse("cases:reveal-contact", args=[ready.case.pk, ready.harmed.pk]))
    assert "07700 900142" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert (
        AccessLog.objects.filter(kind="reveal", people=[ready.harmed.person_id], object_id=ready.case.pk).count() == 1
    )


def test_consent_is_recorded_and_withdrawn(ready, desk):
    known = (ready.case.pk, ready.harmed.pk)
    post(
        desk,
        "record-consent",
        *known,
        purpose="survey",
        method="phone",
        informed="on",
        **typed(given_on=ready.today),
    )
    given = Consent.objects.get(person=ready.harmed.person, purpose="survey")
    page = desk.get(reverse("cases:withdraw-consent", args=[*known, given.pk]))
    assert "Withdraw consent" in page.content.decode()
    post(desk, "withdraw-consent", *known, given.pk)
    given.refresh_from_db()
    assert given.withdrawn_at is not None


def test_a_legal_bar_stops_and_only_its_authority_permits(ready, desk):
    known = (ready.case.pk, ready.responsible.pk)
    post(desk, "legal-bar", *known, kind="licence", authority="Probation", **typed(starts_on=ready.today))
    bar = LegalBar.objects.get(person=ready.responsible.person)
    post(desk, "permit-legal-bar", *known, bar.pk, authority="Probation", **typed(permitted_on=ready.today))
    bar.refresh_from_db()
    assert bar.permitted_on == ready.today


@pytest.mark.parametrize("room", ["cases", "referrals"])
def test_an_order_that_ended_is_asked_about_and_never_said_to_stand(ready, desk, room):
    """The year of its end is easily slipped: nothing would be forbidden, and nobody would know."""
    person = ready.responsible.person
    where = {
        "cases": ("cases:legal-bar", ready.case.pk, ready.responsible.pk),
        "referrals": ("referrals:record-bar", ready.case.referral_id, "responsible"),
    }
    address = reverse(where[room][0], args=where[room][1:])
    given = {"kind": "licence", "authority": "Probation", **typed(starts_on=ready.today - timedelta(days=9))}
    given |= typed(ends_on=ready.today - timedelta(days=1))
    refused = desk.post(address, given)
    assert refused.status_code == 422 and 'name="has_ended"' in refused.content.decode()
    assert not LegalBar.objects.filter(person=person).exists()
    kept = desk.post(address, given | {"has_ended": "on"}, follow=True).content.decode()
    assert "It has ended, and forbids nothing now" in kept and "while it stands" not in kept
    assert LegalBar.objects.filter(person=person).count() == 1
    later = desk.post(
        address,
        given | typed(starts_on=ready.today + timedelta(days=3)) | typed(ends_on=ready.today + timedelta(days=9)),
        follow=True,
    )
    assert "not before" in later.content.decode()
    today = desk.post(address, given | typed(ends_on=ready.today), follow=True).content.decode()
    assert "Nothing can be arranged while it stands" in today or "Contact is barred from now" in today


def test_an_assessment_item_by_item_checked_and_signed(open_case, coordinator, desk, today):
    case = open_case()
    harmed = side_of(case, Side.HARMED)
    known = (case.pk, harmed.pk)
    post(desk, "start-assessment", *known)
    for kind in ITEMS[Side.HARMED]:
        assert desk.get(reverse("cases:assessment-item", args=[*known, kind])).status_code == 200
        post(desk, "assessment-item", *known, kind, concern="none", words="", **ALONE)
    said = {"able": "yes", "willing": "yes", "suitable": "yes", "outcome": "suitable", "summary": "Ready"}
    check = post(desk, "assessment-overall", *known, expected=200, **said).content.decode()
    assert "Sign this assessment" in check
    assert Assessment.objects.get(case=case).signed_at is None
    post(desk, "sign-assessment", *known, expected=422, **said)
    post(desk, "sign-assessment", *known, has_met_person="on", **said)
    assert Assessment.objects.get(case=case).outcome == "suitable"


def test_an_answer_of_another_window_is_shown_and_not_written_over(open_case, coordinator, desk):
    case = open_case()
    known = (case.pk, side_of(case, Side.HARMED).pk)
    post(desk, "start-assessment", *known)
    asked = reverse("cases:assessment-item", args=[*known, "health"])
    mine = desk.get(asked).context["form"].initial.get("shown", "")
    post(desk, "assessment-item", *known, "health", concern="not_mitigated", words="Nobody at home", shown=mine)
    answer = {"concern": "none", "words": "A sister helps"}
    refused = post(desk, "assessment-item", *known, "health", expected=422, shown=mine, **answer)
    page = refused.content.decode()
    assert "Nobody at home" in page and "A sister helps" in page
    item = AssessmentItem.objects.get(kind="health", assessment__participant=known[1])
    assert item.concern == "not_mitigated"
    read = refused.context["form"]["shown"].value()
    post(desk, "assessment-item", *known, "health", shown=read, **answer)
    item.refresh_from_db()
    assert (item.concern, item.words) == ("none", "A sister helps")


def test_the_page_of_responsibility_asks_how_far(ready, desk):
    """The desk says it, and what is next to it is the side alone."""
    known = (ready.case.pk, ready.responsible.pk)
    post(desk, "start-assessment", *known)
    page = desk.get(reverse("cases:assessment-item", args=[*known, "responsibility"])).content.decode()
    assert "Last time, " in page and "in full, no concern" in page
    post(desk, "assessment-item", *known, "responsibility", expected=422, concern="none", words="Said so")
    none = {"responsibility": "none", "words": "Says it was somebody else"}
    refused = post(desk, "assessment-item", *known, "responsibility", expected=422, concern="mitigated", **none)
    assert "a concern that is not mitigated" in refused.content.decode()
    post(desk, "assessment-item", *known, "responsibility", concern="not_mitigated", **none)
    assert "Not taken" in desk.get(reverse("cases:assessment", args=known)).content.decode()
    assert "In full" in desk.get(reverse("cases:desk", args=known[:1])).content.decode()  # of the signed one
    hint = "Write no address here"
    assert hint in desk.get(reverse("cases:assessment-item", args=[*known, "location"])).content.decode()


def test_overall_offers_only_what_the_items_allow(open_case, coordinator, desk):
    case = open_case()
    known = (case.pk, side_of(case, Side.HARMED).pk)
    post(desk, "start-assessment", *known)
    for kind in ITEMS[Side.HARMED]:
        concern = "not_mitigated" if kind == "fear" else "none"
        post(desk, "assessment-item", *known, kind, concern=concern, words="Said so", **ALONE)
    page = desk.get(reverse("cases:assessment-overall", args=known)).content.decode()
    assert 'value="suitable"' not in page
    assert "not possible while a concern is not mitigated" in page


def test_asking_a_practitioner_names_nobody(open_case, coordinator, desk, cast, area, signed_in, today):
    case = open_case()
    asked = ready_practitioner(area, today, user=cast["off_case_practitioner"])
    post(
        desk, "invite", case.pk, asked.pk, role="lead", sides="both", near="Ely", hours="8",
        **typed(answer_by=today + timedelta(days=5)),
    )  # fmt: skip
    invitation = Invitation.objects.get(case=case)
    phone = signed_in(cast["off_case_practitioner"])
    for url in (reverse("cases:my-work"), reverse("cases:answer-invitation", args=[invitation.pk])):
        page = phone.get(url).content.decode()
        assert "Ely" in page
        for word in ("Maureen", "Okafor", "Hart", case.reference[:4], "urglary"):
            assert word not in page
    post(phone, "answer-invitation", invitation.pk, answer="yes")
    assert phone.get(reverse("cases:desk", args=[case.pk])).status_code == 404
    post(desk, "assign", case.pk, asked.pk, expected=422, role="lead", sides="harmed")
    post(desk, "assign", case.pk, asked.pk, role="lead", sides="harmed", not_asked="otherwise")
    assert phone.get(reverse("cases:desk", args=[case.pk])).status_code == 200
    assignment = Assignment.objects.get(case=case, ended_at=None)
    post(desk, "end-assignment", case.pk, assignment.pk, reason="Moved away")
    assert phone.get(reverse("cases:desk", args=[case.pk])).status_code == 404


def test_the_gate_is_a_page_and_keeps_the_plan(ready, desk):
    when = timezone.localtime() + timedelta(days=3)
    plan = {"model": "face_to_face_conference", "venue": "Village hall", "time": "2:30pm", **typed(day=when)}
    plan |= {"minutes": "90", **typed(venue_checked_on=ready.today)}
    post(desk, "change-plan", ready.case.pk, ready.intervention.pk, **plan)
    actions.withdraw_consent(
        participant=ready.harmed, purpose=ConsentPurpose.APPROACH_OTHER_SIDE, by=ready.by, today=ready.today
    )
    page = post(desk, "schedule", ready.case.pk, ready.intervention.pk, expected=422).content.decode()
    assert "This conference cannot go ahead yet" in page
    assert "Agreement that we approach the other side" in page
    assert "Village hall" in page
    assert Intervention.objects.get(pk=ready.intervention.pk).status == InterventionStatus.PLANNED
    consent(ready.case, Side.HARMED, ConsentPurpose.APPROACH_OTHER_SIDE, by=ready.by, today=ready.today)
    post(desk, "schedule", ready.case.pk, ready.intervention.pk)
    assert Intervention.objects.get(pk=ready.intervention.pk).status == InterventionStatus.SCHEDULED


def test_what_was_typed_about_a_meeting_stays_when_the_gate_refuses(ready, desk):
    actions.schedule_intervention(
        intervention=ready.intervention, planned_for=timezone.now(), by=ready.by, today=ready.today
    )
    came = {f"came-{one.pk}": "came" for one in Participant.objects.filter(case=ready.case)}
    told = {"model_delivered": "face_to_face_conference", "outcome_note": "Both stayed for tea"} | came
    known = (ready.case.pk, ready.intervention.pk)
    page = post(desk, "hold", *known, **told, **typed(held_on=ready.today), expected=422).content.decode()
    assert "this cannot go ahead" in page
    assert "Both stayed for tea" in page
    assert not Attendance.objects.exclude(presence="").exists()


def test_held_agreed_asked_and_closed(ready, desk):
    known = (ready.case.pk, ready.intervention.pk)
    actions.schedule_intervention(
        intervention=ready.intervention, planned_for=timezone.now(), by=ready.by, today=ready.today
    )
    assert (
        Participant.objects.get(side="harmed").person.name
        in desk.get(reverse("cases:reconfirm", args=known)).content.decode()
    )
    post(desk, "reconfirm", *known, asked=[str(ready.harmed.pk)])
    post(desk, "reconfirm", *known, expected=422)
    assert Intervention.objects.get(pk=ready.intervention.pk).reconfirmed_on is None
    post(desk, "reconfirm", *known, asked=[str(ready.responsible.pk)])
    came = {f"came-{one.pk}": "came" for one in Participant.objects.filter(case=ready.case)}
    post(desk, "hold", *known, model_delivered="face_to_face_conference", **came, **typed(held_on=ready.today))
    assert Attendance.objects.filter(intervention=ready.intervention, presence="came").count() == 3
    blank = {"commitment-TOTAL_FORMS": "1", "commitment-INITIAL_FORMS": "0"}
    first = {
        "commitment-0-kind": "written_apology",
        "commitment-0-words": "A letter",
        "commitment-0-responsible": ready.responsible.pk,
    }
    due = typed(**{"commitment-0-due_on": ready.today + timedelta(days=30)})
    agreed = {"reached": "yes", **typed(agreed_on=ready.today)}
    more = post(desk, "record-agreement", *known, expected=200, another="1", **agreed, **blank, **first, **due)
    assert "Commitment 2" in more.content.decode()
    assert "A letter" in more.content.decode()
    for total in ("", "²", "9" * 5_000):
        post(
            desk,
            "record-agreement",
            *known,
            expected=200,
            another="1",
            **agreed,
            **blank | {"commitment-TOTAL_FORMS": total},
        )
    post(desk, "record-agreement", *known, expected=422, **agreed, **blank, **first)
    post(desk, "record-agreement", *known, **agreed, **blank, **first, **due)
    commitment = Commitment.objects.get(agreement=Agreement.objects.get(case=ready.case))
    post(desk, "commitment-status", ready.case.pk, commitment.pk, status="completed")
    post(desk, "close", ready.case.pk, reason="with_agreement", **typed(closed_on=ready.today))
    assert ready.fresh().status == "closed"
    post(desk, "reopen", ready.case.pk)
    assert ready.fresh().status == "open"


def kept_at(user, address: str, **typed: str) -> None:
    words = {name: [value] for name, value in typed.items()}
    KeptForm.objects.create(user=user, path=address, content=json.dumps(words))


def test_commitments_and_a_judgement_typed_too_late_come_back(ready, desk, cast):
    ready.hold()
    address = reverse("cases:record-agreement", args=[ready.case.pk, ready.intervention.pk])
    blank = {"commitment-TOTAL_FORMS": "1", "commitment-INITIAL_FORMS": "0"}
    kept_at(cast["coordinator"], address, reached="yes", **blank, **{"commitment-0-words": "A letter by hand"})
    assert "A letter by hand" in desk.get(address).content.decode()
    actions.start_assessment(participant=ready.harmed, by=ready.by, today=ready.today)
    address = reverse("cases:sign-assessment", args=[ready.case.pk, ready.harmed.pk])
    kept_at(cast["coordinator"], address, outcome="suitable", summary="Talked it through")
    assert "Talked it through" in desk.get(address).content.decode()


def test_no_agreement_is_a_choice(ready, desk):
    ready.hold()
    post(
        desk, "record-agreement", ready.case.pk, ready.intervention.pk, reached="no",
        **{"commitment-TOTAL_FORMS": "1", "commitment-INITIAL_FORMS": "0"},
    )  # fmt: skip
    assert "No agreement was made" in desk.get(reverse("cases:agreement", args=[ready.case.pk])).content.decode()


def test_closing_says_what_the_outside_reads_and_keeps_the_reason_inside(ready, desk):
    page = desk.get(reverse("cases:close", args=[ready.case.pk])).content.decode()
    assert "We cannot take this forward at present" in page
    refused = post(
        desk, "close", ready.case.pk, expected=422, reason="harmed_not_reached", note="Kept words",
        **typed(closed_on=ready.today),
    ).content.decode()  # fmt: skip
    assert "attempts" in refused
    assert "Kept words" in refused


def test_the_survey_link_works_once(ready, desk, cast):
    consent(ready.case, Side.HARMED, ConsentPurpose.SURVEY, by=ready.by, today=ready.today)
    shown = post(
        desk, "invite-to-survey", ready.case.pk, ready.harmed.pk, expected=200, interval="after", channel="in_person"
    ).content.decode()
    path = shown.split('value="http://testserver')[1].split('"')[0]
    person = Client()
    first = person.get(path)
    assert (first.status_code, first["Location"]) == (302, "/p/")
    secret = path.rstrip("/").rpartition("/")[2]
    kept = json.dumps(dict(person.session))
    assert len(secret) > 40 and secret not in kept and digest(secret).hex() in kept
    page = person.get("/p/")
    text = page.content.decode()
    assert "<title>Contact us</title>" in text
    assert "Exit this page" in text
    for word in ("maureen", "okafor", "hart", "harmed", "crime", "victim"):
        assert word not in text.casefold()
    assert first["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert person.post("/p/", {}).status_code == 422
    assert person.post("/p/", {"overall": "satisfied", "safe": "agree", "words": "Thanks"})["Location"] == "/p/thanks/"
    assert person.get("/p/thanks/").status_code == 200
    assert person.get("/p/").status_code == 410
    assert Client().get(path).status_code == 410
    answer = SurveyResponse.objects.get(case=ready.case)
    assert (answer.overall, answer.answers, answer.entered_by) == ("satisfied", {"safe": "agree"}, None)


def test_ids_that_do_not_belong_together_are_not_found(ready, open_case, desk):
    other = open_case()
    stranger = side_of(other, Side.HARMED)
    given = Consent.objects.filter(person=ready.harmed.person).first()
    for name, args in (
        ("reveal-contact", [ready.case.pk, stranger.pk]),
        ("log-contact-with", [ready.case.pk, stranger.pk]),
        ("assessment", [ready.case.pk, stranger.pk]),
        ("readiness", [other.pk, ready.intervention.pk]),
        ("withdraw-consent", [other.pk, stranger.pk, given.pk]),
        ("withdraw-consent", [ready.case.pk, ready.responsible.pk, given.pk]),
        ("desk", [uuid4()]),
    ):
        assert desk.get(reverse(f"cases:{name}", args=args)).status_code == 404, name


def test_another_areas_coordinator_finds_nothing(ready, cast, signed_in):
    stranger = signed_in(cast["other_coordinator"])
    assert stranger.get(reverse("cases:desk", args=[ready.case.pk])).status_code == 404
    assert stranger.post(reverse("cases:close", args=[ready.case.pk])).status_code == 404
