import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from rj_service.accounts import events
from rj_service.accounts.middleware import SET_UP_PAGES
from rj_service.accounts.session_store import kept_as
from rj_service.audit.models import DomainEvent
from tests.accounts.conftest import SECRET, code_of, secret_on, sign_in, type_password, with_factor
from tests.factories import PASSWORD, UserFactory

UUID = "7b0c6d2e-2f1d-4a51-9a53-0d8f0f3a5c11"
FILLED = {"uuid": UUID, "side": "harmed", "int": "1", "str": "word", "slug": "word", "path": "a/b"}


def addresses(resolver=None, prefix="", names=()):
    """Every named address of the URLconf, its blanks filled in."""
    for pattern in (resolver or get_resolver()).url_patterns:
        part = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, part, (*names, pattern.namespace) if pattern.namespace else names)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield ":".join((*names, pattern.name)), _filled(pattern.name, part)


def _filled(name, route):
    if name == "account_reset_password_from_key":
        return reverse(name, kwargs={"uidb36": "abc", "key": "k"})
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda blank: FILLED[blank.group(1) or "str"], route)


def test_the_walk_finds_a_page_behind_every_address():
    for name, address in addresses():
        assert resolve(address).view_name == name


@pytest.mark.parametrize(
    "asks_both_ways", [False, pytest.param(True, marks=pytest.mark.proof)], ids=["by turns", "both ways"]
)
def test_every_address_leads_a_half_signed_in_session_to_the_set_up(cast, asks_both_ways):
    client = Client()
    assert type_password(client, cast["coordinator"]).status_code == 302
    ways, seen = (client.get, client.post), 0
    for name, address in addresses():
        if name in SET_UP_PAGES:
            continue
        for method in ways if asks_both_ways else [ways[seen % 2]]:
            answer = method(address)
            assert (answer.status_code, answer.get("Location")) == (302, "/accounts/2fa/totp/activate/"), name
        seen += 1
    assert seen > 30
    assert client.get("/no/such/page/")["Location"] == "/accounts/2fa/totp/activate/"


def test_a_fragment_asked_for_half_signed_in_gets_no_content(cast):
    client = Client()
    type_password(client, cast["coordinator"])
    answer = client.get("/people/", headers={"HX-Request": "true"})
    assert (answer.content, answer["HX-Redirect"]) == (b"", "/accounts/2fa/totp/activate/")


def test_the_pages_that_stay_open_to_half_a_sign_in_are_few():
    assert len(SET_UP_PAGES) <= 10


@pytest.mark.django_db(transaction=True)
def test_first_sign_in_leads_through_the_app_to_recovery_codes_and_is_then_complete(cast):
    client = Client()
    user = cast["coordinator"]
    assert type_password(client, user).status_code == 302
    key_before = client.session.session_key
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200 and b"data:image/svg+xml;base64," in page.content
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret_on(page.content))})
    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    codes = client.get("/accounts/2fa/recovery-codes/")
    assert codes.status_code == 200 and codes.content.count(b'class="rj-ref"') == 10
    assert client.get("/change-role/").status_code == 200
    assert client.session.session_key != key_before
    stored = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert stored.startswith("gAAAA")
    assert DomainEvent.objects.about(user).filter(verb=events.FACTOR_ADDED).count() == 1


def test_password_and_code_open_the_service(cast):
    client = sign_in(cast["coordinator"])
    assert client.get("/change-role/").status_code == 200
    assert DomainEvent.objects.about(cast["coordinator"]).filter(verb=events.SIGNED_IN).count() == 1


def test_without_the_code_nothing_opens(cast):
    client = Client()
    type_password(client, with_factor(cast["coordinator"]))
    assert "/accounts/login/" in client.get("/change-role/")["Location"]
    # Nor may the password alone add a second factor of its own.
    for page in (
        "totp/activate",
        "webauthn/add",
        "recovery-codes",
        "recovery-codes/download",
        "recovery-codes/generate",
    ):
        assert "/accounts/login/" in client.get(f"/accounts/2fa/{page}/")["Location"], page


def test_a_half_signed_in_session_ends_when_a_factor_was_set_up_elsewhere(cast):
    client = Client()
    type_password(client, cast["coordinator"])
    with_factor(cast["coordinator"])
    assert client.get("/accounts/2fa/webauthn/add/")["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session


def test_what_one_person_proved_does_not_count_for_another(cast, signed_in):
    client = signed_in(cast["coordinator"])
    session = client.session
    session["account_authentication_methods_user"] = str(cast["manager"].pk)
    session.save()
    assert client.get("/change-role/")["Location"] == "/accounts/2fa/totp/activate/"


def test_a_code_counts_once(cast):
    user = with_factor(cast["coordinator"])
    code = code_of()
    first, second = Client(), Client()
    for client in (first, second):
        type_password(client, user)
    assert first.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    refused = second.post("/accounts/2fa/authenticate/", {"code": code})
    assert refused.status_code == 200 and b"code is not right" in refused.content


def test_a_code_counts_once_without_the_cache(cast):
    from django.core.cache import cache

    user = with_factor(cast["coordinator"])
    code = code_of()
    clients = [Client(), Client()]
    for client in clients:
        type_password(client, user)
    assert clients[0].post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    cache.clear()  # another process has a cache of its own
    assert clients[1].post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200


def test_a_recovery_code_counts_once(cast):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    user = with_factor(cast["coordinator"])
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    answers = []
    for client in (Client(), Client()):
        type_password(client, user)
        answers.append(client.post("/accounts/2fa/authenticate/", {"code": code}).status_code)
    assert answers == [302, 200]


def words_of(answer) -> str:
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    return re.sub(r"[\w.]+@example\.org", "ADDRESS", page)


def test_wrong_address_wrong_password_and_a_disabled_account_say_the_same(cast):
    disabled = UserFactory(is_active=False)
    answers = [
        type_password(Client(), cast["coordinator"], "wrong"),
        Client().post("/accounts/login/", {"login": "nobody@example.org", "password": "wrong"}),
        type_password(Client(), disabled, PASSWORD),
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert len({words_of(answer) for answer in answers}) == 1
    assert "The email address, password or code is not right" in words_of(answers[0])


def test_a_new_password_by_link_says_the_same_for_any_address(cast):
    answers = [
        Client().post("/accounts/password/reset/", {"email": email})
        for email in (cast["coordinator"].email, "nobody@example.org")
    ]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/accounts/password/reset/done/")}


@pytest.mark.parametrize("email", ["known", "nobody@example.org"])
def test_five_failures_lock_the_account_from_anywhere(cast, email):
    address = cast["coordinator"].email if email == "known" else email
    for turn in range(5):
        answer = Client(REMOTE_ADDR=f"10.0.0.{turn}", HTTP_USER_AGENT=f"b{turn}").post(
            "/accounts/login/", {"login": address.upper() if turn % 2 else address, "password": "wrong"}
        )
    assert answer.status_code == 429 and b"Too many tries" in answer.content
    right = Client(REMOTE_ADDR="10.0.0.99").post("/accounts/login/", {"login": address, "password": PASSWORD})
    assert right.status_code == 429


def test_wrong_codes_lock_the_account_too(cast):
    user = with_factor(cast["coordinator"])
    client = Client()
    type_password(client, user)
    wrong = "000000" if code_of() != "000000" else "000001"
    statuses = [client.post("/accounts/2fa/authenticate/", {"code": wrong}).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of()}).status_code == 429
    assert DomainEvent.objects.filter(verb=events.CODE_FAILED).count() == 5


def test_failures_are_written_without_what_was_typed(cast):
    type_password(Client(), cast["coordinator"], "wrong")
    Client().post("/accounts/login/", {"login": "my.password@example.org", "password": "wrong"})
    failures = DomainEvent.objects.filter(verb=events.SIGN_IN_FAILED).order_by("id")
    assert [failure.object_id for failure in failures] == [cast["coordinator"].pk, None]
    assert all(failure.detail == {} for failure in failures)


@pytest.mark.parametrize(
    "address",
    ["/accounts/signup/", "/accounts/email/", "/accounts/3rdparty/", "/accounts/social/signup/", "/accounts/"],
)
def test_pages_that_must_not_exist(client, db, address):
    assert client.get(address).status_code == 404


def test_the_last_second_factor_cannot_be_taken_off(cast):
    client = sign_in(cast["coordinator"])
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=cast["coordinator"], type="totp").exists()


def test_a_security_key_is_not_taken_off_when_it_is_the_last(cast, signed_in):
    key = Authenticator.objects.create(
        user=cast["coordinator"], type="webauthn", data={"name": "Key", "credential": {}}
    )
    client = signed_in(cast["coordinator"])
    client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_a_session_does_not_keep_the_key_it_had_before_signing_in(cast):
    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies["sessionid"] = session.session_key
    before = session.session_key
    with_factor(cast["coordinator"])
    type_password(client, cast["coordinator"])
    client.post("/accounts/2fa/authenticate/", {"code": code_of()})
    assert client.session.session_key != before
    thief = Client()
    thief.cookies["sessionid"] = before
    assert "/accounts/login/" in thief.get("/change-role/")["Location"]


def test_who_reads_the_table_of_sessions_can_be_nobody(cast):
    client = sign_in(cast["coordinator"])
    [row] = Session.objects.all()
    assert row.session_key == kept_as(client.session.session_key) and row.get_decoded()["began"]
    thief = Client()
    thief.cookies["sessionid"] = row.session_key
    assert "/accounts/login/" in thief.get("/change-role/")["Location"]
    assert client.get("/change-role/").status_code == 200
    client.post("/accounts/logout/")
    assert not Session.objects.filter(pk=row.pk).exists()


def test_nobody_is_asked_for_a_key_that_they_never_set_up(cast):
    client = Client()
    type_password(client, with_factor(cast["coordinator"]))
    page = client.get("/accounts/2fa/authenticate/").content.decode()
    assert "Enter your code" in page and "I have lost my phone<" in page
    assert "security key" not in page


def test_the_secret_is_not_in_a_page_once_set_up(cast):
    client = sign_in(cast["coordinator"])
    assert SECRET.encode() not in client.get("/accounts/2fa/").content
