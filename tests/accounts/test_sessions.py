import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts import actions
from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import Invitation, KeptForm, Membership
from rj_service.accounts.roles import Role
from tests.accounts.conftest import code_of, type_password, with_factor
from tests.factories import MembershipFactory

INVITE = "/people/invite/"
TYPED = {"first_name": "Ana", "last_name": "Ruiz", "email": "ana.ruiz@example.org", "csrfmiddlewaretoken": "x"}


def age(client: Client, **seconds) -> None:
    session = client.session
    for key, by in seconds.items():
        session[key] = int(time.time()) - by
    session.save()


@pytest.fixture
def manager(cast, signed_in):
    client = signed_in(cast["manager"])
    client.get("/change-role/")
    return client


def test_an_idle_session_ends(manager):
    age(manager, seen=settings.SESSION_IDLE_SECONDS + 120)
    answer = manager.get("/people/?after=x")
    assert answer["Location"] == "/accounts/login/?next=%2Fpeople%2F%3Fafter%3Dx"
    page = manager.get(answer["Location"])
    assert b"You were signed out because nothing happened for a while" in page.content


def test_a_session_in_use_goes_on(manager):
    age(manager, seen=settings.SESSION_IDLE_SECONDS - 60)
    assert manager.get("/people/").status_code == 200
    assert time.time() - manager.session["seen"] < 60


def test_a_session_ends_when_it_is_old_however_busy(manager):
    age(manager, began=settings.SESSION_ABSOLUTE_SECONDS + 1)
    assert "/accounts/login/" in manager.get("/people/")["Location"]


def test_stay_signed_in_counts_as_being_there(manager):
    age(manager, seen=settings.SESSION_IDLE_SECONDS - 30)
    assert manager.post(reverse("stay-signed-in")).status_code == 204
    assert time.time() - manager.session["seen"] < 60


def test_stay_signed_in_does_not_bring_back_what_has_ended(manager):
    age(manager, seen=settings.SESSION_IDLE_SECONDS + 120)
    assert manager.post(reverse("stay-signed-in")).status_code == 302


def post_too_late(manager) -> str:
    age(manager, seen=settings.SESSION_IDLE_SECONDS + 120)
    return manager.post(INVITE, TYPED)["Location"]


def come_back(client, user, address):
    with_factor(user)
    assert type_password(client, user, next_page=INVITE).status_code == 302
    return client.post("/accounts/2fa/authenticate/", {"code": code_of()})


def test_words_typed_into_an_ended_session_come_back_to_the_same_person(cast, manager):
    address = post_too_late(manager)
    assert address == "/accounts/login/?next=%2Fpeople%2Finvite%2F"
    assert b"What you typed is kept for 30 minutes" in manager.get(address).content
    come_back(manager, cast["manager"], address)
    page = manager.get(INVITE)
    assert b'value="ana.ruiz@example.org"' in page.content
    assert b'value="ana.ruiz@example.org"' not in manager.get(INVITE).content
    assert not KeptForm.objects.exists()


def test_another_window_of_an_ended_session_keeps_its_words_too(cast, manager):
    age(manager, seen=settings.SESSION_IDLE_SECONDS + 120)
    manager.get("/people/")
    assert manager.post(INVITE, TYPED)["Location"] == "/accounts/login/?next=%2Fpeople%2Finvite%2F"
    come_back(manager, cast["manager"], "")
    assert b'value="ana.ruiz@example.org"' in manager.get(INVITE).content


def test_after_signing_out_nothing_is_kept(manager):
    manager.post("/accounts/logout/")
    manager.post(INVITE, TYPED)
    assert not KeptForm.objects.exists()


def test_the_script_that_warned_ends_the_session_to_the_second(manager):
    age(manager, seen=settings.SESSION_IDLE_SECONDS + 1)
    assert manager.post(f"{INVITE}?session-over=1", TYPED)["Location"].startswith("/accounts/login/")
    assert KeptForm.objects.count() == 1


def test_a_session_in_use_elsewhere_goes_on_and_nothing_is_submitted(manager):
    answer = manager.post(f"{INVITE}?session-over=1", TYPED)
    assert answer["Location"] == INVITE
    assert b'value="ana.ruiz@example.org"' in manager.get(INVITE).content
    assert not Invitation.objects.exists()


def test_kept_words_are_encrypted(manager):
    post_too_late(manager)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM accounts_keptform")
        stored = bytes(cursor.fetchone()[0])
    assert stored.startswith(b"gAAAA") and b"ana.ruiz" not in stored


def test_another_person_finds_an_empty_form(cast, area, manager, signed_in):
    post_too_late(manager)
    other = signed_in(cast["admin"])
    assert b"ana.ruiz" not in other.get(INVITE).content
    assert KeptForm.objects.count() == 1


def test_kept_words_are_gone_after_30_minutes(cast, manager):
    post_too_late(manager)
    KeptForm.objects.update(kept_at=timezone.now() - timedelta(minutes=31))
    come_back(manager, cast["manager"], "")
    assert b"ana.ruiz" not in manager.get(INVITE).content


def test_a_button_pressed_too_late_keeps_nothing_and_says_so(cast, manager):
    age(manager, seen=settings.SESSION_IDLE_SECONDS + 120)
    answer = manager.post(f"/people/{cast['coordinator'].pk}/disabling/", {"note": "typed"})
    assert answer["Location"] == "/accounts/login/?next=%2F"
    assert b"is kept" not in manager.get(answer["Location"]).content
    assert not KeptForm.objects.exists()
    cast["coordinator"].refresh_from_db()
    assert cast["coordinator"].is_active


def test_no_password_is_kept(manager):
    age(manager, seen=settings.SESSION_IDLE_SECONDS + 120)
    manager.post("/accounts/password/change/", {"oldpassword": "a", "password1": "b", "password2": "b"})
    assert not KeptForm.objects.exists()


def test_a_raised_epoch_ends_every_session_at_its_next_request(cast, signed_in):
    from rj_service.accounts.sessions import end_all

    clients = [signed_in(cast["manager"]) for _ in range(3)]
    assert [client.get("/people/").status_code for client in clients] == [200, 200, 200]
    end_all(cast["manager"])
    assert [client.get("/people/").status_code for client in clients] == [302, 302, 302]


def test_a_role_that_ends_is_gone_at_the_next_request(cast, manager):
    assert manager.get("/people/").status_code == 200
    Membership.objects.filter(user=cast["manager"]).update(ended_on=timezone.localdate())
    assert manager.get("/people/").status_code == 403


def test_a_role_that_is_given_counts_at_the_next_request(cast, area, signed_in):
    client = signed_in(cast["coordinator"])
    assert client.get("/people/").status_code == 403
    MembershipFactory(user=cast["coordinator"], role=Role.SERVICE_MANAGER, service_area=area)
    chosen = Membership.objects.get(user=cast["coordinator"], role=Role.SERVICE_MANAGER)
    client.post("/change-role/", {"membership": str(chosen.pk)})
    assert client.get("/people/").status_code == 200


def test_the_membership_of_somebody_else_cannot_be_chosen(cast, signed_in):
    client = signed_in(cast["coordinator"])
    other = Membership.objects.get(user=cast["manager"])
    assert client.post("/change-role/", {"membership": str(other.pk)}).status_code == 422
    assert client.get("/people/").status_code == 403


def test_a_disabled_person_is_out_at_once(cast, signed_in):
    client = signed_in(cast["coordinator"])
    assert client.get("/change-role/").status_code == 200
    with acting_as(cast["manager"]):
        actions.disable_user(user=cast["coordinator"], by=cast["manager"])
    assert "/accounts/login/" in client.get("/change-role/")["Location"]
    assert not Membership.objects.filter(user=cast["coordinator"], ended_on=None).exists()
    assert type_password(Client(), cast["coordinator"]).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_changed_password_ends_the_other_sessions(cast, signed_in):
    from tests.factories import PASSWORD

    here, elsewhere = signed_in(cast["manager"]), signed_in(cast["manager"])
    new = "another horse battery staple"
    answer = here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 302
    assert here.get("/people/").status_code == 200
    assert elsewhere.get("/people/").status_code == 302


def test_the_frame_asks_the_database_once_for_memberships(cast, signed_in, django_assert_max_num_queries):
    client = signed_in(cast["manager"])
    client.get("/change-role/")
    with django_assert_max_num_queries(12):
        client.get("/change-role/")
