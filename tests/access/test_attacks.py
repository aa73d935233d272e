"""What somebody tries who knows the addresses: ids of another case, methods and fields of their own, links out."""

from uuid import uuid4

import pytest
from django.forms import ModelForm
from django.test import Client

from rj_service.accounts.views import GuardedFormView
from tests.access.table import Line, addresses, ask, lines, parts_of, path_of
from tests.access.world import World, arguments

# What stands under a case without being a part of it.
NO_CHILD = {"practitioner"}


def path(world: World, line: Line, **changed) -> str:
    return path_of(line.address, arguments(world, line.address, parts_of(line.address, line.of)) | changed)


def test_a_part_of_one_case_is_not_there_under_another(world, clients):
    """Both are the coordinator's own: the address mixes them."""
    client, closed = clients["coordinator"], world.of["closed"]["case"]
    mixed = [
        line
        for line in lines()
        if line.room == "cases"
        and "pk" in (parts := parts_of(line.address, line.of))
        and set(parts) - {"pk", "kind"} - NO_CHILD
    ]
    assert len(mixed) > 30
    found = {line.words: ask(client, line.method, path(world, line, pk=closed)).status for line in mixed}
    assert {words: status for words, status in found.items() if status not in (403, 404)} == {}


def test_a_look_without_a_body_tells_no_more(world, clients):
    """HEAD and OPTIONS of what is not theirs."""
    client = clients["other_coordinator"]
    desk = next(line for line in lines() if line.address == "cases:desk")
    for method in (client.head, client.options):
        mine, nowhere = method(path(world, desk)), method(path(world, desk, pk=uuid4()))
        assert (mine.status_code, mine.content, dict(mine.items())) == (404, nowhere.content, dict(nowhere.items()))


def test_no_form_takes_its_fields_from_a_model():
    """A column that a form does not name cannot be posted into it."""
    forms = {
        getattr(pattern.callback.view_class, "form_class", None) for _, pattern in addresses() if _is_form(pattern)
    }
    assert len(forms) > 40
    assert {form for form in forms if form and issubclass(form, ModelForm)} == set()


def _is_form(pattern) -> bool:
    return issubclass(getattr(pattern.callback, "view_class", object), GuardedFormView)


@pytest.mark.parametrize("target", ["https://evil.example.org/", "//evil.example.org/", "/\\evil.example.org/"])
def test_signing_in_leads_nowhere_else(target, world, clients):
    answer = clients["coordinator"].get("/accounts/login/", {"next": target})
    assert "evil.example.org" not in answer.headers.get("Location", "")
    assert f'href="{target}' not in Client().get("/accounts/login/", {"next": target}).content.decode()
