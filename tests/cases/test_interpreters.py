"""Interpreters: known to nobody in the case before they are confirmed, and shown where contact is made."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import INTERPRETER_TRANSITIONS, InterpreterKnows, InterpreterStatus, Side
from cases.models import InterpreterBooking, Intervention, Visit
from rj_service.accounts.errors import DomainError, StaleState
from tests.cases.conftest import side_of
from tests.volunteers.factories import ready_practitioner

SOON = timezone.now() + timedelta(days=3)


@pytest.fixture
def asked(open_case, coordinator, today) -> InterpreterBooking:
    return actions.book_interpreter(
        participant=side_of(open_case(), Side.HARMED), language="polish", needed_for=SOON, by=coordinator, today=today
    )


@pytest.fixture
def change(asked, coordinator, today):
    def make(status: str, **changed):
        given = {"interpreter": "Number 4471", "knows": "nobody"} | changed
        return actions.change_interpreter(booking=asked, status=status, by=coordinator, today=today, **given)

    return make


@pytest.mark.parametrize("status", InterpreterStatus)
@pytest.mark.parametrize("leads_to", InterpreterStatus)
def test_every_status_and_every_change(asked, change, status, leads_to):
    InterpreterBooking.objects.update(status=status, interpreter="Number 4471", knows="nobody")
    if leads_to in INTERPRETER_TRANSITIONS[status]:
        assert change(leads_to).status == leads_to
    else:
        with pytest.raises(StaleState):
            change(leads_to)


@pytest.mark.parametrize("knows", ["", *InterpreterKnows.values])
def test_whoever_knows_somebody_in_the_case_does_not_interpret(change, knows):
    if knows == InterpreterKnows.NOBODY:
        assert change("confirmed", knows=knows).status == "confirmed"
    else:
        with pytest.raises(DomainError, match="in the case"):
            change("confirmed", knows=knows)


def test_nobody_is_confirmed_without_a_name_or_number(change):
    with pytest.raises(DomainError, match="name, or the number"):
        change("confirmed", interpreter=" ")


def test_it_is_shown_where_contact_is_made(asked, change, cast, signed_in):
    change("confirmed")
    desk = signed_in(cast["coordinator"])
    for name in ("log-contact-with", "reveal-contact", "plan-visit"):
        page = desk.get(reverse(f"cases:{name}", args=[asked.case_id, asked.participant_id])).content.decode()
        assert "Interpreter: Polish, confirmed for" in page, name
    assert "Polish, confirmed for" in desk.get(reverse("cases:desk", args=[asked.case_id])).content.decode()


# For one meeting, for one visit.


@pytest.fixture
def meeting(open_case, coordinator, today) -> Intervention:
    given = {"model": "face_to_face_conference", "planned_for": SOON, "by": coordinator, "today": today}
    return actions.plan_intervention(case=open_case(), **given)


@pytest.fixture
def visit(meeting, area, coordinator, today) -> Visit:
    pair = [ready_practitioner(area, today) for _ in range(2)]
    for one, role in zip(pair, ("lead", "co_facilitator"), strict=True):
        actions.assign(
            not_asked="otherwise",
            case=meeting.case,
            practitioner=one,
            role=role,
            sides="harmed",
            by=coordinator,
            today=today,
        )
    given = {"visitor": pair[0], "companion": pair[1], "place": "home", "minutes": 60, "planned_for": SOON}
    harmed = side_of(meeting.case, Side.HARMED)
    return actions.plan_visit(participant=harmed, by=coordinator, now=timezone.now(), **given)


def book(occasion, coordinator, today, *, confirmed: bool = False) -> InterpreterBooking:
    booking = actions.book_interpreter(
        participant=side_of(occasion.case, Side.HARMED),
        language="polish",
        occasion=occasion,
        by=coordinator,
        today=today,
    )
    if confirmed:
        given = {"status": "confirmed", "interpreter": "Number 4471", "knows": "nobody"}
        booking = actions.change_interpreter(booking=booking, by=coordinator, today=today, **given)
    return booking


def test_one_is_booked_for_a_meeting_or_a_visit_and_stands_there(meeting, visit, cast, coordinator, today, signed_in):
    desk = signed_in(cast["coordinator"])
    harmed = side_of(meeting.case, Side.HARMED)
    form = reverse("cases:book-interpreter", args=[meeting.case_id, harmed.pk])
    page = desk.get(form).content.decode()
    said = {"language": "polish", "gender_wish": "none"}
    for occasion in (meeting, visit):
        assert f'value="{occasion.pk}"' in page
        assert desk.post(form, said | {"occasion": str(occasion.pk)}).status_code == 302
    assert desk.post(form, said | {"occasion": "other"}).status_code == 422
    assert set(InterpreterBooking.objects.values_list("intervention", "visit", "needed_for")) == {
        (meeting.pk, None, SOON),
        (None, visit.pk, SOON),
    }
    for shown in (reverse("cases:meetings", args=[meeting.case_id]), reverse("cases:visit", args=[visit.pk])):
        assert "Polish: asked" in desk.get(shown).content.decode(), shown
    stranger = side_of(meeting.case, Side.RESPONSIBLE)
    with pytest.raises(DomainError, match="of this person"):
        actions.book_interpreter(participant=stranger, language="polish", occasion=visit, by=coordinator, today=today)


def test_whoever_works_with_the_other_side_reads_of_no_interpreter(meeting, area, cast, coordinator, today, signed_in):
    book(meeting, coordinator, today)
    other = ready_practitioner(area, today, user=cast["practitioner"])
    actions.assign(
        not_asked="otherwise",
        case=meeting.case,
        practitioner=other,
        role="lead",
        sides="responsible",
        by=coordinator,
        today=today,
    )
    page = signed_in(cast["practitioner"]).get(reverse("cases:meetings", args=[meeting.case_id])).content.decode()
    assert "Face-to-face conference" in page
    assert "nterpreter" not in page and "Polish" not in page


def test_it_is_cancelled_with_what_it_was_booked_for(meeting, visit, coordinator, today):
    known = {"by": coordinator, "today": today}
    waits = [book(meeting, coordinator, today), book(meeting, coordinator, today, confirmed=True)]
    there, beside = book(visit, coordinator, today), book(meeting, coordinator, today, confirmed=True)
    actions.change_interpreter(booking=beside, status="came", **known)
    actions.cancel_intervention(intervention=meeting, reason="Ill", **known)
    standing = dict(InterpreterBooking.objects.values_list("pk", "status"))
    assert standing == {**{one.pk: "cancelled" for one in waits}, there.pk: "asked", beside.pk: "came"}
    actions.cancel_visit(visit=visit, by=coordinator, now=timezone.now())
    there.refresh_from_db()
    assert there.status == "cancelled"
    with pytest.raises(DomainError, match="still to come"):
        book(meeting, coordinator, today)


def test_another_hour_is_asked_anew(meeting, coordinator, today):
    booking = book(meeting, coordinator, today, confirmed=True)
    given = {"model": "face_to_face_conference", "by": coordinator, "today": today}
    actions.change_plan(intervention=meeting, planned_for=SOON, room_plan="A ring", **given)
    booking.refresh_from_db()
    assert booking.status == "confirmed"
    actions.change_plan(intervention=meeting, planned_for=SOON + timedelta(hours=1), **given)
    booking.refresh_from_db()
    assert (booking.status, booking.needed_for) == ("asked", SOON + timedelta(hours=1))


@pytest.mark.parametrize(
    ("language", "words", "refused", "said"),
    [
        ("polish", "", None, "Polish"),
        ("kurdish", "Sorani", None, "Kurdish (Sorani)"),
        ("other", "Yoruba", None, "Yoruba"),
        ("other", " ", "language_words", ""),
        ("Polish", "", "language", ""),
        ("", "Yoruba", "language", ""),
    ],
)
def test_a_language_is_one_of_the_list_or_named(open_case, coordinator, today, language, words, refused, said):
    given = {"language": language, "language_words": words, "needed_for": SOON, "by": coordinator, "today": today}
    harmed = side_of(open_case(), Side.HARMED)
    if refused:
        with pytest.raises(DomainError) as error:
            actions.book_interpreter(participant=harmed, **given)
        assert error.value.field == refused
    else:
        assert actions.book_interpreter(participant=harmed, **given).language_in_words == said
