"""What is written, what the application cannot do to it, and what stays unreadable at rest."""

import datetime as dt

import pytest
from django.core.exceptions import FieldError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import User
from rj_service.audit.actions import record, record_access
from rj_service.audit.fields import EncryptedText, lookup_key
from rj_service.audit.models import AccessLog, DomainEvent
from rj_service.ui.references import spoken
from tests.factories import UserFactory
from tests.reporting.factories import CaseFactory, PersonFactory

ATTEMPTS = """
UPDATE audit_domainevent SET verb = 'x'
DELETE FROM audit_domainevent
TRUNCATE audit_domainevent
UPDATE audit_accesslog SET page = 'x'
DELETE FROM audit_accesslog
TRUNCATE audit_accesslog
UPDATE audit_domainevent SET block = NULL
INSERT INTO audit_seal (trail, block, row_count, last_row_id, digest) VALUES ('event', 99, 1, 1, '')
UPDATE audit_seal SET digest = ''
DELETE FROM audit_seal
INSERT INTO accounts_userevent SELECT * FROM accounts_userevent
UPDATE accounts_userevent SET email = 'x'
DELETE FROM accounts_userevent
TRUNCATE accounts_userevent
ALTER TABLE accounts_user DISABLE TRIGGER ALL
DROP TABLE audit_domainevent
SET session_replication_role = replica
CREATE TABLE mine (id int)
CREATE TEMP TABLE audit_domainevent (id int)
SET ROLE rj_owner
SET SESSION AUTHORIZATION rj_owner
ALTER FUNCTION rj_seal(text) SECURITY INVOKER
CREATE OR REPLACE FUNCTION rj_seal(which text) RETURNS bigint LANGUAGE sql AS 'SELECT 0'
COPY audit_domainevent FROM PROGRAM 'true'
""".strip().splitlines()


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_the_application_is_refused(db, attempt):
    record("accounts.tested", by=None)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attempt)
    assert DomainEvent.objects.filter(verb="accounts.tested").count() == 1


def history_of(user) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgh_label, first_name FROM accounts_userevent WHERE id = %s ORDER BY pgh_id", [user.pk])
        return cursor.fetchall()


def test_asking_the_triggers_to_ignore_a_change_does_not_help(db):
    user = UserFactory(first_name="Before")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'accounts_user'::regclass AND NOT tgisinternal")
        names = [name for (name,) in cursor.fetchall()]
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(names) + "}"])
        cursor.execute("UPDATE accounts_user SET first_name = 'After' WHERE id = %s", [user.pk])
    assert history_of(user) == [("insert", "Before"), ("update", "After")]


def test_bulk_raw_and_deletion_are_seen_and_saving_nothing_is_not(db):
    user = UserFactory(first_name="One")
    User.objects.filter(pk=user.pk).update(first_name="Two")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET first_name = 'Three' WHERE id = %s", [user.pk])
    user.refresh_from_db()
    user.save()
    User.objects.filter(pk=user.pk).update(last_login=timezone.now())
    key = user.pk
    user.delete()
    user.pk = key
    assert [label for label, _ in history_of(user)] == ["insert", "update", "update", "delete"]


def test_history_says_who(cast):
    with acting_as(cast["coordinator"]):
        User.objects.filter(pk=cast["practitioner"].pk).update(first_name="Changed")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgh_context FROM accounts_userevent WHERE first_name = 'Changed'")
        context = cursor.fetchone()[0]
    assert str(cast["coordinator"].pk) in str(context)


@pytest.fixture
def details(cast, area):
    from referrals.models import ContactDetails, Person

    with acting_as(cast["coordinator"]):
        person = Person.objects.create(service_area=area, first_name="Maureen", last_name="Oakes")
        return ContactDetails.objects.create(
            person=person, phone="07700 900142", email="m.oakes@example.org", address="4 Elm Close", postcode="PE1 1AA"
        )


def stored(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT row_to_json(t)::text, phone, email, address, postcode FROM {table} t")
        rows = cursor.fetchall()
    for row in rows:
        for value in row[1:]:
            assert bytes(value).startswith(b"gAAAA")
    return "".join(row[0] for row in rows) + "".join(bytes(v).decode() for row in rows for v in row[1:])


@pytest.mark.parametrize("table", ["referrals_contactdetails", "referrals_contactdetailsevent"])
def test_contact_details_are_ciphertext_in_the_table_and_in_its_history(cast, details, table):
    at_rest = stored(table)
    for clear in ("07700 900142", "900142", "m.oakes", "Elm Close", "PE1 1AA", "PE11AA"):
        assert clear not in at_rest


def test_an_unchanged_save_of_encrypted_fields_writes_no_history(cast, details):
    from referrals.models import ContactDetails

    def events() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM referrals_contactdetailsevent")
            return cursor.fetchone()[0]

    before = events()
    with acting_as(cast["coordinator"]):
        again = ContactDetails.objects.get(pk=details.pk)
        again.save(update_fields=["phone", "email", "address", "postcode"])
        assert events() == before
        again.phone = "07700 900143"
        again.save(update_fields=["phone"])
    assert events() == before + 1


def test_encrypted_fields_are_found_by_their_key_only(cast, details):
    from referrals.models import ContactDetails

    with acting_as(cast["coordinator"]), pytest.raises(FieldError):
        ContactDetails.objects.filter(phone="07700 900142").exists()
    assert lookup_key("phone", "a") != lookup_key("email", "a")
    assert isinstance(ContactDetails._meta.get_field("phone"), EncryptedText)


def test_a_read_that_cannot_be_recorded_does_not_happen(cast, signed_in, owner_cursor):
    """No record, no act: without its row in the log, the page is not shown."""
    client = signed_in(cast["manager"])
    client.raise_request_exception = False
    address = f"/people/{cast['coordinator'].pk}/"
    assert b"Castle" in client.get(address).content
    owner_cursor.execute("REVOKE INSERT ON audit_accesslog FROM rj_app")
    try:
        answer = client.get(address)
    finally:
        owner_cursor.execute("GRANT INSERT ON audit_accesslog TO rj_app")
    assert answer.status_code == 500 and b"Castle" not in answer.content


# Who looked ------------------------------------------------------------------------------------------------------


@pytest.fixture
def looked(cast, area):
    """The coordinator looked twice, at different people."""
    import uuid

    person, other = uuid.uuid4(), uuid.uuid4()
    for kind, people in (("view", [person]), ("list", [person, other]), ("print", [other])):
        record_access(kind, by=cast["coordinator"], page=f"cases:{kind}", people=people, area=area)
    return person


def ask(client, person, first=None, last=None):
    today = timezone.localdate()
    first, last = first or today, last or today
    days = {
        f"{name}_{number}": part
        for name, day in (("first_day", first), ("last_day", last))
        for number, part in (("day", day.day), ("month", day.month), ("year", day.year))
    }
    return client.get("/audit/who-looked/", {"person": person, **days})


def test_who_looked_at_this_person_between_two_days(cast, looked, signed_in):
    client = signed_in(cast["dpo"])
    page = ask(client, looked).content.decode()
    assert (page.count("Dana Castle"), "Cases: view" in page, "Cases: list" in page, "Cases: print" in page) == (
        2,
        True,
        True,
        False,
    )
    by_address = ask(client, f"http://localhost/referrals/people/{looked}/").content.decode()
    assert by_address.count("Dana Castle") == 2
    assert b"This person was never shown" in ask(client, "7b0c6d2e-0000-4000-8000-000000000000").content
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    assert b"Nobody was shown this person" in ask(client, looked, yesterday, yesterday).content
    asked = AccessLog.objects.filter(kind="search", actor_id=cast["dpo"].pk)
    assert asked.count() == 4 and all(row.people == [] for row in asked)
    assert [row.ids for row in asked].count([looked]) == 3


@pytest.mark.parametrize("person", ["", "nonsense", "7b0c6d2e", "x" * 400])
def test_who_looked_says_what_is_wrong(cast, signed_in, person):
    answer = ask(signed_in(cast["dpo"]), person)
    assert answer.status_code == 200 and b"There is a problem" in answer.content


def test_refusals_reveals_and_exports_have_a_list(cast, signed_in):
    client, refused = signed_in(cast["dpo"]), signed_in(cast["practitioner"])
    assert refused.get("/audit/").status_code == 403
    with transaction.atomic():
        record_access("view", by=cast["coordinator"], on=cast["coordinator"], page="cases:view")
        record_access("reveal", by=cast["coordinator"], on=cast["coordinator"], page="cases:reveal-contact")
    home = client.get("/").content.decode()
    assert "/audit/reads/?kind=denied" in home and "/audit/reads/?kind=reveal" in home
    page = client.get("/audit/reads/").content.decode()
    assert "Cases: reveal contact" in page and "Operations: events" in page and "Cases: view" not in page
    page = client.get("/audit/reads/?kind=denied").content.decode()
    assert "Practitioner" in page and "Cases: reveal contact" not in page


def test_who_looked_by_command(cast, looked, capsys):
    today = timezone.localdate().isoformat()
    call_command("who_looked", str(looked), today, today)
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "2 times" and "Dana Castle" in lines[0]


@pytest.fixture
def case(area):
    return CaseFactory(service_area=area, referral__person_responsible=PersonFactory(service_area=area))


@pytest.mark.parametrize(
    ("of", "given", "looked_at"),
    [
        ("referral", [], "person_harmed_id"),
        ("case", [], "person_harmed_id"),
        ("case", ["--side", "harmed"], "person_harmed_id"),
        ("case", ["--side", "responsible"], "person_responsible_id"),
    ],
)
def test_the_command_takes_a_reference_and_a_side(cast, case, area, of, given, looked_at, capsys):
    referral = case.referral
    sides = ("person_harmed_id", "person_responsible_id")
    who = dict(zip(sides, ("coordinator", "manager"), strict=True))
    for side in sides:
        record_access("view", by=cast[who[side]], page="cases:desk", people=[getattr(referral, side)], area=area)
    today = timezone.localdate().isoformat()
    typed = spoken((case if of == "case" else referral).reference).lower()
    call_command("who_looked", typed, today, today, *given)
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "1 time" and str(cast[who[looked_at]]) in lines[0]
    [asked] = AccessLog.objects.filter(kind="search")
    assert asked.ids == [getattr(referral, looked_at)]


@pytest.mark.parametrize(
    ("typed", "words"),
    [("nonsense", "Enter the reference"), ("ACD4-67", "No referral or case"), ("", "Nobody is named on this side")],
)
def test_the_command_says_what_is_wrong(case, typed, words):
    type(case.referral)._base_manager.update(person_responsible=None)
    today = timezone.localdate().isoformat()
    with pytest.raises(CommandError, match=words):
        call_command("who_looked", typed or case.reference, today, today, "--side", "responsible")
    assert not AccessLog.objects.exists()


def test_the_audit_names_references_and_no_numbers(cast, case, area, other_area, signed_in):
    elsewhere = CaseFactory(service_area=other_area)
    for on in (case, case.referral, case.referral.person_harmed, elsewhere):
        record("accounts.tested", by=cast["coordinator"], on=on, area=area)
    client = signed_in(cast["dpo"])
    page = client.get("/audit/?verb=").content.decode()
    for shown in (f"Case {spoken(case.reference)}", f"Referral {spoken(case.referral.reference)}", "Person"):
        assert shown in page
    assert spoken(elsewhere.reference) not in page
    for number in (case.pk, case.referral_id, case.referral.person_harmed_id, elsewhere.pk):
        assert str(number) not in page


@pytest.mark.parametrize("page", ["/audit/who-looked/", "/audit/", "/audit/reads/"])
def test_only_the_data_protection_officer_reads_the_trail(cast, signed_in, page):
    statuses = {name: signed_in(user).get(page).status_code for name, user in cast.items()}
    assert statuses.pop("dpo") == 200
    assert set(statuses.values()) == {403}


def test_the_trail_of_another_area_is_out_of_sight(cast, other_area, signed_in):
    record("accounts.membership_given", by=cast["other_coordinator"], area=other_area, detail={"role": "x"})
    page = signed_in(cast["dpo"]).get("/audit/").content.decode()
    assert "Owen Marsh" not in page


def test_the_queries_of_the_trail_do_not_grow(cast, signed_in):
    from django.test.utils import CaptureQueriesContext

    client = signed_in(cast["dpo"])
    client.get("/audit/")
    counts = []
    for rows in (1, 3, 30):
        for _ in range(rows):
            record("accounts.tested", by=UserFactory())
        with CaptureQueriesContext(connection) as queries:
            client.get("/audit/")
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
