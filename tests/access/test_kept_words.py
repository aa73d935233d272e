"""Whatever is typed into a session that has ended comes back to the same person at the same page, on every form there is."""

import itertools
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import get_user
from django.db import transaction

from tests.access.pages import Visit, taking_words
from tests.access.table import lines

TYPED = "Zqtyped"


@pytest.mark.proof
def test_words_typed_too_late_come_back_on_every_page(visits, signed_in, record_property):
    public = {line.address for line in lines() if line.is_public}  # nobody's session: nothing of them is kept
    typing = [one for one in taking_words(visits(1)) if one.name not in public and TYPED in body(one)]
    assert len(typing) > 30
    faults = [fault for one in typing for fault in _type_too_late(one, signed_in)]
    record_property("tried", len(typing))
    record_property("failed", len(faults))
    assert faults == [], "\n" + "\n".join(faults)


def body(one: Visit) -> str:
    return one.page.forms[one.address].body_with_words(itertools.repeat(TYPED))


def _type_too_late(one: Visit, signed_in) -> list[str]:
    user = get_user(one.client)
    with transaction.atomic():
        client = signed_in(user)
        session = client.session
        session["seen"] = int(time.time()) - settings.SESSION_IDLE_SECONDS - 120
        session.save()
        answer = client.post(one.address, body(one), content_type="application/x-www-form-urlencoded")
        back = parse_qs(urlsplit(answer["Location"]).query)["next"][0]
        page = signed_in(user).get(back, follow=True)
        transaction.set_rollback(True)
    return [] if TYPED in page.content.decode() else [f"{one.name}: at {back} nothing is kept"]
