"""What is known of a learner, whose account it is, and sessions that are only planned."""

from datetime import date, time

import pytest
from django.urls import reverse

from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.roles import Role
from tests.factories import member
from tests.training.factories import CohortFactory, LearnerFactory, SessionFactory
from training import actions
from training.models import Learner

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        ("practitioner", None),
        ("coordinator", "belongs to no learner yet"),  # works here, but not as a practitioner
        ("other_practitioner", "belongs to no learner yet"),
        ("taken", "belongs to no learner yet"),
    ],
)
def test_an_account_is_linked_to_a_practitioner_of_the_area(cast, area, other_area, who, refused):
    users = {
        "practitioner": cast["practitioner"],
        "coordinator": cast["coordinator"],
        "other_practitioner": member(Role.PRACTITIONER, other_area, first_name="Abe", last_name="Far"),
        "taken": member(Role.PRACTITIONER, area, first_name="Tea", last_name="Ken"),
    }
    LearnerFactory(service_area=area, user=users["taken"])
    learner = LearnerFactory(service_area=area)
    with acting_as(cast["manager"]) as by:
        if refused:
            with pytest.raises(DomainError, match=refused):
                actions.link_account(learner=learner, user=users[who], today=TODAY, by=by)
            return
        assert actions.link_account(learner=learner, user=users[who], today=TODAY, by=by).user == users[who]
        with pytest.raises(StaleState):
            actions.link_account(learner=learner, user=users[who], today=TODAY, by=by)


def test_a_training_lead_links_nobody_and_changes_what_is_known(cast, area, signed_in):
    learner = LearnerFactory(service_area=area, first_name="Ana", last_name="Ruiz")
    with acting_as(cast["training_lead"]) as by, pytest.raises(NotAllowed):
        actions.link_account(learner=learner, user=cast["practitioner"], today=TODAY, by=by)
    lead, manager = signed_in(cast["training_lead"]), signed_in(cast["manager"])
    link, change = (reverse(f"training:{name}", args=[learner.pk]) for name in ("link-account", "change-learner"))
    assert lead.get(link).status_code == 403
    assert lead.post(change, {"first_name": "Ana", "last_name": "Reed", "unit": "Estate"}).status_code == 302
    assert manager.post(link, {"user": cast["practitioner"].pk}).status_code == 302
    found = Learner._base_manager.get(pk=learner.pk)
    assert (found.name, found.unit, found.user) == ("Ana Reed", "Estate", cast["practitioner"])


def test_a_session_is_changed_while_it_is_planned(cast, area, signed_in):
    cohort = CohortFactory(service_area=area)
    planned = SessionFactory(cohort=cohort, confirmed_at=None, confirmed_by=None)
    confirmed = SessionFactory(cohort=cohort)
    times = (date(2027, 1, 7), time(10), time(12))
    with acting_as(cast["training_lead"]) as by:
        assert actions.change_session(session=planned, times=times, place="Library", by=by).held_on == times[0]
        with pytest.raises(StaleState, match="Cancel it, and add another"):
            actions.change_session(session=confirmed, times=times, by=by)
        with pytest.raises(DomainError, match="must end after it starts"):
            actions.change_session(session=planned, times=(times[0], time(12), time(12)), by=by)
    page = signed_in(cast["training_lead"]).get(reverse("training:change-session", args=[planned.pk]))
    assert "Library" in page.content.decode()
