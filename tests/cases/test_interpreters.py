"""Interpreters: known to nobody in the case before they are confirmed, and shown where contact is made."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import INTERPRETER_TRANSITIONS, InterpreterKnows, InterpreterStatus, Side
from cases.models import InterpreterBooking
from rj_service.accounts.errors import DomainError, StaleState
from tests.cases.conftest import side_of

SOON = timezone.now() + timedelta(days=3)


@pytest.fixture
def asked(open_case, coordinator, today) -> InterpreterBooking:
    return actions.book_interpreter(
        participant=side_of(open_case(), Side.HARMED), language="Polish", needed_for=SOON, by=coordinator, today=today
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
