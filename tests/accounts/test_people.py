import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from rj_service.accounts import actions, events, policy
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import AccountMail, Invitation, Membership, RecoveryRequest, ServiceArea, User
from rj_service.accounts.roles import Role
from rj_service.audit.models import DomainEvent
from rj_service.jobs.leases import work_on
from tests.accounts.conftest import type_password, with_factor
from tests.factories import MembershipFactory, UserFactory, member

NEW = {"email": "new.person@example.org", "first_name": "New", "last_name": "Person"}


def send_mail() -> str:
    """Work on the one mail that waits; the link in it."""
    row = AccountMail.objects.get(state="queued")
    assert work_on(AccountMail, row.pk)
    return re.search(r"http\S+", mail.outbox[-1].body).group(0).replace("http://localhost:8000", "")


def local(link: str) -> str:
    return re.sub(r"^https?://[^/]+", "", link)


# Who may give what -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize(
    "giver", ["manager", "admin", "coordinator", "dpo", "practitioner", "hub_worker", "opcc", "supervisor"]
)
def test_roles_are_given_only_as_the_table_says(cast, area, hub, giver, role):
    by = cast[giver]
    somebody = UserFactory()
    place = None if role in policy.WITHOUT_AREA else area
    organisation = hub if role in policy.WITH_ORGANISATION else None
    with acting_as(by):
        expected = role in policy.MAY_GIVE.get(by.acting_role, ())
        give = lambda: actions.give_membership(  # noqa: E731
            user=somebody, role=role, service_area=place, organisation=organisation, by=by
        )
        if expected:
            give()
        else:
            with pytest.raises(NotAllowed):
                give()
    assert somebody.memberships.exists() == expected


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("giver", ["manager", "admin", "coordinator", "dpo"])
def test_nobody_gives_a_role_to_themselves(cast, area, hub, giver, role):
    by = cast[giver]
    with acting_as(by), pytest.raises(NotAllowed):
        actions.give_membership(user=by, role=role, service_area=area, organisation=hub, by=by)
    with acting_as(by), pytest.raises(NotAllowed):
        actions.invite(**{**NEW, "email": by.email.upper()}, role=role, service_area=area, organisation=hub, by=by)


def test_no_role_gives_a_role_above_its_own_reach():
    """Whoever works on cases never appoints managers; whoever appoints managers never gives a role that works on cases."""
    works_on_cases = {role for role in Role if role in policy.MAY_GIVE[Role.SERVICE_MANAGER]}
    assert Role.SERVICE_MANAGER not in policy.MAY_GIVE[Role.SERVICE_MANAGER]
    assert not works_on_cases & policy.MAY_GIVE[Role.SYSTEM_ADMINISTRATOR]
    assert set(policy.MAY_GIVE) == {Role.SERVICE_MANAGER, Role.SYSTEM_ADMINISTRATOR}


def test_a_manager_gives_nothing_in_another_area(cast, other_area):
    with acting_as(cast["manager"]), pytest.raises(NotAllowed):
        actions.give_membership(
            user=cast["coordinator"], role=Role.COORDINATOR, service_area=other_area, by=cast["manager"]
        )


def test_a_manager_cannot_end_the_roles_or_the_account_of_those_above(cast, area):
    above = Membership.objects.get(user=cast["dpo"])
    with acting_as(cast["manager"]):
        with pytest.raises(NotAllowed):
            actions.end_membership(membership=above, by=cast["manager"])
        with pytest.raises(NotAllowed):
            actions.disable_user(user=cast["dpo"], by=cast["manager"])
        with pytest.raises(NotAllowed):
            actions.disable_user(user=cast["manager"], by=cast["manager"])


def test_end_membership_twice_is_said(cast):
    membership = Membership.objects.get(user=cast["coordinator"])
    with acting_as(cast["manager"]):
        actions.end_membership(membership=membership, by=cast["manager"])
        with pytest.raises(StaleState):
            actions.end_membership(membership=membership, by=cast["manager"])
    assert DomainEvent.objects.filter(verb=events.MEMBERSHIP_ENDED).count() == 1


def test_a_form_cannot_set_what_it_does_not_show(cast, area, signed_in):
    client = signed_in(cast["manager"])
    target = cast["practitioner"]
    for role in (Role.SYSTEM_ADMINISTRATOR, Role.SERVICE_MANAGER, Role.DATA_PROTECTION_OFFICER):
        answer = client.post(f"/people/{target.pk}/roles/", {"role": role, "service_area": area.pk, "is_active": "0"})
        assert answer.status_code == 422
    given = {"role": Role.COORDINATOR, "service_area": area.pk, "started_on": "2020-01-01", "given_by": target.pk}
    assert client.post(f"/people/{target.pk}/roles/", given).status_code == 302
    membership = Membership.objects.get(user=target, role=Role.COORDINATOR)
    assert (membership.given_by, membership.started_on.year > 2020) == (cast["manager"], True)


def test_people_of_another_area_are_not_there(cast, signed_in):
    client = signed_in(cast["manager"])
    other = cast["other_coordinator"]
    absent = client.get("/people/7b0c6d2e-2f1d-4a51-9a53-0d8f0f3a5c11/")
    hidden = client.get(f"/people/{other.pk}/")
    assert (hidden.status_code, hidden.content) == (404, absent.content)
    assert other.last_name not in client.get("/people/").content.decode()
    assert client.post(f"/people/{other.pk}/disabling/").status_code == 404
    membership = Membership.objects.get(user=other)
    assert client.post(f"/people/roles/{membership.pk}/end/").status_code == 404


# Invitations -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_an_invitation_becomes_an_account_once(cast, area, signed_in):
    client = signed_in(cast["manager"])
    asked = {**NEW, "role": Role.COORDINATOR, "service_area": area.pk}
    assert client.post("/people/invite/", asked).status_code == 302
    link = local(send_mail())
    invitation = Invitation.objects.get()
    assert link.split("/")[-2].encode() not in bytes(invitation.token_digest)
    assert "Person" not in mail.outbox[-1].body and "Cambridgeshire" not in mail.outbox[-1].body
    person = Client()
    assert person.get(link).status_code == 200
    assert person.post(link, {"password": "short"}).status_code == 422
    answer = person.post(link, {"password": "three words together now"})
    assert answer["Location"] == "/accounts/login/"
    user = User.objects.get(email=NEW["email"])
    assert [(m.role, m.service_area, m.given_by) for m in user.memberships.all()] == [
        (Role.COORDINATOR, area, cast["manager"])
    ]
    assert Client().get(link).status_code == 410
    with pytest.raises(StaleState):
        actions.accept_invitation(token=link.split("/")[-2], password="x" * 20)


def test_a_withdrawn_or_old_invitation_opens_nothing(cast, area, client):
    with acting_as(cast["manager"]):
        invitation = actions.invite(**NEW, role=Role.COORDINATOR, service_area=area, by=cast["manager"])
        token = actions.renew_token(invitation)
        assert client.get(f"/invitations/{token}/").status_code == 200
        newer = actions.renew_token(invitation)
        assert client.get(f"/invitations/{token}/").status_code == 410
        actions.withdraw_invitation(invitation=invitation, by=cast["manager"])
    assert client.get(f"/invitations/{newer}/").status_code == 410


def test_an_invitation_to_somebody_with_an_account_needs_their_sign_in(cast, area, signed_in, client):
    with acting_as(cast["manager"]):
        invitation = actions.invite(
            **{**NEW, "email": cast["other_coordinator"].email},
            role=Role.COORDINATOR,
            service_area=area,
            by=cast["manager"],
        )
    link = f"/invitations/{actions.renew_token(invitation)}/"
    assert "/accounts/login/" in client.get(link)["Location"]
    assert "/accounts/login/" in client.post(link, {"password": "three words together now"})["Location"]
    before = cast["other_coordinator"].password
    assert signed_in(cast["other_coordinator"]).post(link).status_code == 302
    cast["other_coordinator"].refresh_from_db()
    assert cast["other_coordinator"].password == before
    assert cast["other_coordinator"].memberships.count() == 2


def test_first_administrator_is_made_by_a_link_once(db, capsys, client):
    call_command("create_first_administrator", "root@example.org")
    link = local(re.search(r"http\S+", capsys.readouterr().out).group(0))
    assert client.post(link, {"password": "three words together now"}).status_code == 302
    assert User.objects.get(email="root@example.org").memberships.get().role == Role.SYSTEM_ADMINISTRATOR
    with pytest.raises(CommandError):
        call_command("create_first_administrator", "second@example.org")


def test_create_service_area_by_command(db):
    call_command("create_service_area", "suffolk", "--name", "Suffolk RJ")
    assert ServiceArea.objects.get(slug="suffolk").name == "Suffolk RJ"
    with pytest.raises(CommandError, match="already"):
        call_command("create_service_area", "suffolk", "--name", "Suffolk RJ")


def test_organisations_and_local_areas_once(cast, area, hub):
    with acting_as(cast["manager"]):
        actions.add_local_area(service_area=area, name="Fenland", by=cast["manager"])
        with pytest.raises(DomainError):
            actions.add_local_area(service_area=area, name=" fenland", by=cast["manager"])
        with pytest.raises(DomainError):
            actions.add_organisation(service_area=area, name=hub.name.upper(), kind="police", by=cast["manager"])
    with acting_as(cast["coordinator"]), pytest.raises(NotAllowed):
        actions.add_organisation(service_area=area, name="New", kind="police", by=cast["coordinator"])
    found = actions.add_organisation(service_area=area, name="Imported", kind="police", by=system_user("import"))
    assert found.confirmed_at is None
    with acting_as(cast["manager"]):
        actions.confirm_organisation(organisation=found, by=cast["manager"])
    found.refresh_from_db()
    assert found.confirmed_by == cast["manager"]


# A lost phone ----------------------------------------------------------------------------------------------------


@pytest.fixture
def lost(cast):
    with_factor(cast["coordinator"])
    actions.ask_recovery(email=cast["coordinator"].email)
    return RecoveryRequest.objects.get()


def check(request, by):
    with acting_as(by):
        return actions.check_identity(request=request, method="in_person", by=by)


def test_two_people_take_off_the_second_factor(cast, lost, signed_in):
    open_session = signed_in(cast["coordinator"])
    assert open_session.get("/change-role/").status_code == 200
    assert check(lost, cast["manager"]) is False
    assert Authenticator.objects.filter(user=cast["coordinator"]).exists()
    assert open_session.get("/change-role/").status_code == 200
    assert check(lost, cast["dpo"]) is True
    assert not Authenticator.objects.filter(user=cast["coordinator"]).exists()
    assert open_session.get("/change-role/").status_code == 302
    assert type_password(Client(), cast["coordinator"]).status_code == 200  # the old password is worth nothing


@pytest.mark.django_db(transaction=True)
def test_the_way_back_is_a_link_to_the_persons_own_address(cast, lost):
    check(lost, cast["manager"])
    check(lost, cast["dpo"])
    link = local(send_mail())
    assert mail.outbox[-1].to == [cast["coordinator"].email]
    client = Client()
    form = client.get(link)["Location"]
    new = {"password1": "three words together now", "password2": "three words together now"}
    assert client.post(form, new).status_code == 302
    cast["coordinator"].refresh_from_db()
    assert type_password(client, cast["coordinator"], "three words together now").status_code == 302
    assert client.get("/change-role/")["Location"] == "/accounts/2fa/totp/activate/"
    assert b"has been used" in Client().get(link).content


def test_one_person_cannot_make_both_checks(cast, lost):
    check(lost, cast["manager"])
    with pytest.raises(NotAllowed):
        check(lost, cast["manager"])
    assert Authenticator.objects.filter(user=cast["coordinator"]).exists()


def test_the_database_refuses_one_person_twice_too(cast, lost):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        RecoveryRequest.objects.filter(pk=lost.pk).update(
            first_checked_by=cast["manager"], second_checked_by=cast["manager"]
        )


def test_nobody_checks_themselves_and_others_do_not_check_at_all(cast, area):
    actions.ask_recovery(email=cast["manager"].email)
    request = RecoveryRequest.objects.get()
    for who in ("manager", "coordinator", "practitioner", "opcc", "training_lead"):
        with pytest.raises(NotAllowed):
            check(request, cast[who])


def test_a_recovery_is_out_of_sight_of_other_areas_and_of_the_person(cast, other_area, lost, signed_in):
    stranger = member(Role.SERVICE_MANAGER, other_area)
    assert signed_in(stranger).get(f"/people/recoveries/{lost.pk}/").status_code == 404
    MembershipFactory(
        user=cast["coordinator"], role=Role.SERVICE_MANAGER, service_area=lost.user.memberships.get().service_area
    )
    own = signed_in(cast["coordinator"])
    own.post("/change-role/", {"membership": str(cast["coordinator"].memberships.get(role=Role.SERVICE_MANAGER).pk)})
    assert own.get(f"/people/recoveries/{lost.pk}/").status_code == 404


def test_pages_of_a_recovery(cast, lost, signed_in):
    first, second = signed_in(cast["manager"]), signed_in(cast["dpo"])
    address = f"/people/recoveries/{lost.pk}/"
    assert first.post(address, {}).status_code == 422
    assert first.post(address, {"method": "video"}).status_code == 302
    assert b"Waiting for a second person" in first.get("/people/recoveries/").content
    assert first.post(address, {"method": "video"}).status_code == 403
    assert second.get(address).status_code == 200
    assert second.post(address, {"method": "called_back"}).status_code == 302
    assert second.post(address, {"method": "called_back"}).status_code == 404


def test_asking_says_the_same_for_any_address(cast, client):
    answers = [client.post("/recovery/", {"email": email}) for email in (cast["coordinator"].email, "no@example.org")]
    assert answers[0].status_code == 200
    assert len({re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in answers}) == 1
    client.post("/recovery/", {"email": cast["coordinator"].email})
    assert RecoveryRequest.objects.count() == 1


@pytest.mark.parametrize("who", ["manager", "admin"])
@pytest.mark.parametrize(
    "page",
    [
        "/people/",
        "/people/invite/",
        "/areas/",
        "/change-role/",
        "/people/recoveries/",
        "/accounts/2fa/",
        "/accounts/logout/",
    ],
)
def test_pages_open(cast, signed_in, who, page):
    assert signed_in(cast[who]).get(page).status_code == 200


def test_a_person_page_and_the_list_do_not_grow_with_their_rows(cast, area, signed_in):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(cast["manager"])
    client.get("/people/")
    counts = []
    for _ in range(3):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/people/")
        counts.append(len(queries))
        for _ in range(3):
            member(Role.COORDINATOR, area)
    assert len(set(counts)) == 1, counts


def test_an_area_left_empty_is_asked_for_beside_the_typed_words(cast, signed_in):
    answer = signed_in(cast["manager"]).post("/people/invite/", NEW | {"role": Role.PRACTITIONER, "service_area": ""})
    assert answer.status_code == 422
    assert "Choose the service area" in answer.content.decode() and NEW["email"] in answer.content.decode()
