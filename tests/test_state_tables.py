"""Every table of transitions is played: for each there is a test of every status and every verb, or every status it may lead to."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

# Table -> the module under `tests` and the test in it.
PLAYED = {
    "referrals.TRANSITIONS": ("referrals/test_decisions", "test_every_move_is_one_that_transitions_has"),
    "referrals.REQUEST_TRANSITIONS": ("referrals/test_requests", "test_every_status_and_every_verb"),
    "referrals.CONCERN_TRANSITIONS": ("referrals/test_concerns", "test_every_status_and_every_verb"),
    "referrals.COMPLAINT_TRANSITIONS": ("referrals/test_complaints", "test_every_status_and_every_verb"),
    "referrals.TRANSFER_TRANSITIONS": ("referrals/test_transfers", "test_every_status_of_a_transfer_and_every_verb"),
    "cases.TRANSITIONS": ("cases/ready/test_states", "test_every_status_and_every_verb"),
    "cases.INTERVENTION_TRANSITIONS": ("cases/ready/test_states", "test_every_status_and_every_verb"),
    "cases.INVITATION_TRANSITIONS": ("cases/ready/test_states", "test_every_status_and_every_verb"),
    "cases.VISIT_TRANSITIONS": ("cases/test_visits", "test_every_status_and_every_verb"),
    "cases.BOOKING_TRANSITIONS": ("cases/test_custody", "test_every_status_and_every_answer"),
    "cases.INTERPRETER_TRANSITIONS": ("cases/test_interpreters", "test_every_status_and_every_change"),
    "cases.COMMITMENT_TRANSITIONS": (
        "cases/ready/test_agreements",
        "test_every_status_of_a_commitment_and_every_verb",
    ),
    "cases.LOAN_TRANSITIONS": ("cases/test_lending", "test_every_status_of_a_loan_and_every_verb"),
    "volunteers.TRANSITIONS": ("volunteers/test_actions", "test_change_status_only_as_the_table_says"),
    "volunteers.CAMPAIGN_TRANSITIONS": ("volunteers/test_recruiting", "test_a_campaign_moves_only_as_the_table_says"),
    "volunteers.APPLICATION_TRANSITIONS": (
        "volunteers/test_recruiting",
        "test_an_application_moves_only_as_the_table_says",
    ),
    "volunteers.NOMINEE_TRANSITIONS": ("volunteers/test_states", "test_every_status_of_a_nominee_and_every_verb"),
    "volunteers.CLAIM_TRANSITIONS": ("volunteers/test_states", "test_every_status_of_a_claim_and_every_verb"),
    "training.ENROLMENT_TRANSITIONS": ("training/test_states", "test_every_status_of_an_enrolment_and_every_verb"),
    "training.PACKAGE_TRANSITIONS": ("training/test_packages", "test_a_package_moves_only_as_it_may"),
}


def tables() -> dict[str, dict]:
    """Of every app of ours, by `app.NAME`."""
    found = {}
    for app in apps.get_app_configs():
        if not Path(app.path).is_relative_to(settings.BASE_DIR) or not (Path(app.path) / "choices.py").exists():
            continue
        choices = import_module(f"{app.name}.choices")
        named = {name: table for name, table in vars(choices).items() if name.endswith("TRANSITIONS")}
        found |= {f"{app.name}.{name}": table for name, table in named.items()}
    return found


def test_every_table_of_transitions_is_played():
    assert set(tables()) == set(PLAYED)


@pytest.mark.parametrize("name", PLAYED)
def test_the_test_that_plays_it_is_there_and_knows_every_status(name):
    module, test = PLAYED[name]
    source = (Path(__file__).parent / f"{module}.py").read_text()
    assert test in {node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    statuses = tables()[name]
    kinds = {type(status).__name__ for status in statuses} - {"str"}
    assert all(re.search(rf"\b{kind}\b", source) for kind in kinds)
    assert {to for leads_to in statuses.values() for to in leads_to} <= set(statuses)
