import csv
import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from cases import actions as cases
from cases.tasks import act_on_safety_change  # noqa: F401 (registers the work of a SafetyChange)
from referrals import actions, policy
from referrals.actions import ask_for_import, import_group
from referrals.models import (
    Consent,
    ContactDetails,
    ImportBatch,
    ImportRow,
    Offer,
    Person,
    PossibleDuplicate,
    ProposedChange,
    Referral,
    SafeContact,
    SafetyChange,
    SensitiveFlag,
    Task,
    WatchedInterest,
)
from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import LocalArea, Organisation
from rj_service.documents.actions import delete_due_files, open_file, path_of
from rj_service.documents.models import StoredFile
from rj_service.jobs.leases import work_on
from rj_service.notifications.models import Notification
from rj_service.ui.references import spoken

from .conftest import OF_THE_IMPORT, contents, counts
from .hub_rows import EXPORTS, hub_csv, hub_row

needs_exports = pytest.mark.skipif(not EXPORTS.exists(), reason=f"the real exports are not at {EXPORTS}")


def export(name: str) -> bytes:
    return (EXPORTS / f"{name}-cambridgeshire-hub.csv").read_bytes()


def expected() -> dict:
    return json.loads((EXPORTS / "expected-cambridgeshire.json").read_text())


@needs_exports
def test_the_messy_file_gives_exactly_its_rows_and_importing_it_again_changes_nothing(import_file, cast):
    wanted = expected()["messy"]
    batch = import_file(export("messy"))
    assert counts(batch) == {
        "accepted": wanted["accepted"],
        "refused": wanted["rejected"],
        "already_here": wanted["repeated"],
        "changed": wanted["withdrawn"],
        "warnings": wanted["accepted_with_warning"],
    }
    with acting_as(cast["coordinator"]):
        refused = ImportRow.objects.filter(batch=batch, outcome="refused")
        reasons = {row.hub_reference or "(blank)": "; ".join(row.reasons) for row in refused}
        assert reasons == wanted["rejected_rows"]
        assert len({row.line for row in refused}) == 111
        withdrawn = Consent.objects.filter(withdrawn_at__isnull=False)
        assert withdrawn.count() == 6
        for consent in withdrawn.select_related("person__safe_contact"):
            for channel in policy.CHANNELS:
                assert policy.contact_blocks(
                    consent.person,
                    channel,
                    safe=consent.person.safe_contact,
                    missing=policy.NO_AGREEMENT["contact"],
                    bars=[],
                )
            assert not Consent.objects.in_force().filter(person=consent.person).exists()
    assert SafetyChange._base_manager.filter(kind="consent_withdrawn").count() == 6
    assert Notification.objects.filter(kind="safety_change", user=cast["coordinator"]).count() == 6

    before = contents()
    again = import_file(export("messy"))
    assert counts(again) == {"accepted": 0, "refused": 111, "already_here": 1681, "changed": 0, "warnings": 0}
    after = contents()
    assert {name for name in after if after[name] != before[name]} <= OF_THE_IMPORT


def test_a_row_carries_everything(import_file, cast):
    import_file(hub_csv(hub_row(sensitive_flags="domestic_abuse;witchcraft", notes="=1+1")))
    with acting_as(cast["coordinator"]):
        referral = Referral.objects.select_related("incident", "organisation").get()
        person = Person.objects.select_related("contact_details", "safe_contact").get(last_name="Walker")
        assert (referral.status, referral.mechanism, referral.hub_reference) == ("received", "victims_hub", "HUB-1")
        assert (referral.incident.crime_type, referral.incident.local_area_name) == ("public-order", "Cambridge")
        assert referral.person_harmed == person
        assert referral.person_responsible.name == "Archie Green"
        assert referral.organisation.confirmed_at is None
        assert (person.contact_details.phone, person.contact_details.postcode) == ("+44 7700 900571", "PE150UF")
        assert (person.safe_contact.may_phone, person.safe_contact.may_leave_voicemail) == (True, False)
        assert person.approach == "agreed"
        consent = Consent.objects.get()
        assert (consent.person, consent.method, consent.purpose) == (person, "online", "contact")
        assert set(SensitiveFlag.objects.values_list("kind", "words")) == {
            ("domestic_abuse", ""),
            ("other", "witchcraft"),
        }
        assert referral.notes == "=1+1"
        assert referral.responsibility_told == "partial"
    assert Organisation.objects.filter(name="Victims' Hub", kind="victims_hub").count() == 1


def test_no_suspect_is_held_with_a_check_date(import_file, cast):
    row = hub_row(offender_identified="N", contact_if_offender_identified="Y")
    import_file(hub_csv(row | {"offender_first_name": "", "offender_last_name": ""}))
    with acting_as(cast["coordinator"]):
        interest = WatchedInterest.objects.get()
        assert interest.referral.status == "interested"
        assert interest.wishes_contact is True
        assert interest.next_check_on > timezone.localdate()
        assert interest.referral.person_responsible is None


def test_begun_by_the_person_responsible_leaves_the_person_harmed_not_approached(import_file, cast):
    import_file(hub_csv(hub_row(initiated_by="offender")))
    with acting_as(cast["coordinator"]):
        referral = Referral.objects.select_related("person_harmed__safe_contact", "person_responsible").get()
        assert referral.person_harmed.approach == "not_approached"
        assert referral.person_harmed.safe_contact.through_referrer_only
        assert Consent.objects.get().person == referral.person_responsible


def test_a_resent_row_that_is_stricter_counts_at_once_and_what_is_looser_waits(import_file, cast, acting):
    import_file(hub_csv(hub_row(safe_to_write="N")))
    batch = import_file(
        hub_csv(hub_row(safe_to_phone="N", safe_to_write="Y", victim_last_name="Walters", crime_type="Robbery"))
    )
    assert counts(batch) == {"accepted": 0, "refused": 0, "already_here": 0, "changed": 1, "warnings": 0}
    with acting(cast["coordinator"]):
        safe = SafeContact.objects.get(person__last_name="Walker")
        assert (safe.may_phone, safe.may_write) == (False, False)
        changes = {change.field: (change.old, change.new) for change in ProposedChange.objects.all()}
        assert changes == {
            "may_write": ("N", "Y"),
            "victim_last_name": ("Walker", "Walters"),
            "crime_type": ("public-order", "robbery"),
        }
        assert set(Task.objects.values_list("kind", flat=True)) == {"safety", "review_change"}
        assert SafetyChange.objects.get().kind == "contact_stricter"
    again = import_file(
        hub_csv(hub_row(safe_to_phone="N", safe_to_write="Y", victim_last_name="Walters", crime_type="Robbery"))
    )
    assert (again.already_here, again.changed) == (1, 0)


@pytest.mark.parametrize(("named", "found"), [("peterborough", "Peterborough"), ("Nowhere that we know", None)])
def test_a_local_area_that_is_corrected_moves_the_referral_and_its_offer(import_file, cast, acting, named, found):
    import_file(hub_csv(hub_row()))
    import_file(hub_csv(hub_row(local_area=named)))
    with acting(cast["coordinator"]) as by:
        actions.decide_change(change=ProposedChange.objects.get(), take_over=True, by=by, today=timezone.localdate())
        incident = Referral.objects.get().incident
        assert incident.local_area_name == named
        for row in (incident, Offer.objects.get()):
            assert (row.local_area and row.local_area.name) == found


def test_a_correction_of_what_happened_moves_the_case_in_its_lists(import_file, cast, acting, signed_in):
    import_file(hub_csv(hub_row(crime_type="Burglary")))
    with acting(cast["coordinator"]) as by:
        referral = Referral.objects.get()
        case = cases.accept_referral(referral=referral, by=by, today=timezone.localdate())
    import_file(hub_csv(hub_row(crime_type="Robbery", local_area="Peterborough")))
    with acting(cast["coordinator"]) as by:
        for change in ProposedChange.objects.all():
            actions.decide_change(change=change, take_over=True, by=by, today=timezone.localdate())
    for change in SafetyChange._base_manager.filter(state="queued"):
        assert work_on(SafetyChange, change.pk)
    place = LocalArea._base_manager.get(name="Peterborough").pk
    for asked, is_there in (("crime=burglary", False), ("crime=robbery", True), (f"place={place}", True)):
        page = signed_in(cast["coordinator"]).get(f"{reverse('cases:list')}?{asked}")
        assert (spoken(case.reference) in page.content.decode()) is is_there


def test_a_withdrawal_in_a_row_with_faults_still_counts(import_file, cast, acting):
    import_file(hub_csv(hub_row()))
    batch = import_file(hub_csv(hub_row(contact_consent="N", mechanism="carrier pigeon")))
    assert (batch.refused, batch.changed) == (1, 0)
    with acting(cast["coordinator"]):
        assert Consent.objects.get().withdrawn_at is not None


def test_consent_given_again_waits_for_a_coordinator(import_file, cast, acting):
    import_file(hub_csv(hub_row(), hub_row(contact_consent="N")))
    batch = import_file(hub_csv(hub_row(notes="They asked again.")))
    assert batch.changed == 1
    with acting(cast["coordinator"]):
        assert not Consent.objects.in_force().exists()
        assert set(ProposedChange.objects.values_list("field", flat=True)) == {"contact_consent", "notes"}


def test_a_row_equal_to_what_is_here_is_already_here(import_file):
    import_file(hub_csv(hub_row()))
    same = hub_row(
        date_received="2026-11-05", mechanism="Victims Hub", victim_phone="07700 900571", crime_type="PUBLIC ORDER"
    )
    assert import_file(hub_csv(same)).already_here == 1


def test_a_new_sensitive_flag_counts_at_once(import_file, cast, acting):
    import_file(hub_csv(hub_row()))
    assert import_file(hub_csv(hub_row(sensitive_flags="hate_crime"))).changed == 1
    with acting(cast["coordinator"]):
        assert SensitiveFlag.objects.get().kind == "hate_crime"
        assert SafetyChange.objects.get().kind == "flag_raised"


def test_two_rows_that_look_like_one_person_are_both_taken_and_flagged(import_file, cast, acting):
    batch = import_file(hub_csv(hub_row(), hub_row(hub_reference="HUB-2", crime_reference="35/2/26")))
    assert batch.accepted == 2
    with acting(cast["coordinator"]):
        pair = PossibleDuplicate.objects.order_by("-score").first()
        assert pair.reasons.split()[0] == "same_email"
        assert Person.objects.filter(last_name="Walker").count() == 2


def test_a_day_of_birth_and_a_name_that_sounds_alike_are_enough(import_file, cast, acting):
    import_file(hub_csv(hub_row()))
    elsewhere = {"victim_phone": "07700 900572", "victim_email": "other@example.org", "victim_postcode": "CB1 1AA"}
    import_file(hub_csv(hub_row(hub_reference="HUB-2", crime_reference="", victim_last_name="Wolker", **elsewhere)))
    with acting(cast["coordinator"]):
        pair = PossibleDuplicate.objects.get(person__last_name__startswith="W", other__last_name__startswith="W")
        assert pair.reasons == "same_date_of_birth first_same last_alike"


def test_an_import_that_stops_in_the_middle_goes_on_where_it_was(area, cast, acting, monkeypatch):
    by = cast["coordinator"]
    apart = {"victim_phone": "", "victim_email": "", "victim_postcode": "", "victim_date_of_birth": ""}
    apart |= {"offender_date_of_birth": ""}
    rows = [hub_row(hub_reference=f"HUB-{n}", crime_reference=f"35/{n}/26", **apart) for n in range(450)]
    with acting(by):
        batch = ask_for_import(area=area, chunks=[hub_csv(*rows)], file_name="hub.csv", content_type="text/csv", by=by)
    taken = []

    def stops_after_one(**given):
        if taken:
            raise ConnectionError
        taken.append(import_group(**given))

    monkeypatch.setattr("referrals.tasks.import_group", stops_after_one)
    with pytest.raises(ConnectionError):
        work_on(ImportBatch, batch.pk)
    half = ImportBatch._base_manager.get(pk=batch.pk)
    assert (half.state, half.rows_done, half.accepted) == ("queued", 200, 200)
    assert Referral._base_manager.count() == 200
    monkeypatch.undo()
    ImportBatch._base_manager.filter(pk=batch.pk).update(run_after=timezone.now() - timedelta(hours=1))
    assert work_on(ImportBatch, batch.pk)
    whole = ImportBatch._base_manager.get(pk=batch.pk)
    assert counts(whole) == {"accepted": 450, "refused": 0, "already_here": 0, "changed": 0, "warnings": 0}
    assert Referral._base_manager.count() == 450


def test_refused_rows_come_back_in_one_encrypted_file_and_the_upload_goes(
    import_file, cast, acting, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        batch = import_file(hub_csv(hub_row(contact_consent="", notes="=1+1"), hub_row(victim_postcode="ZZ99 ZZZ")))
    assert batch.upload is None
    upload = StoredFile.objects.get(kind="hub_upload")
    assert upload.deleted_at is not None
    assert not path_of(upload.pk).exists()
    stored = batch.refused_rows
    assert b"Walker" not in path_of(stored.pk).read_bytes()
    text = io.TextIOWrapper(open_file(stored), encoding="utf-8-sig", newline="")
    (row,) = csv.DictReader(text)
    assert (row["line"], row["reasons"]) == ("2", "no consent to contact recorded")
    assert (row["victim_last_name"], row["notes"]) == ("Walker", "'=1+1")
    with acting(cast["coordinator"]):
        assert ImportRow.objects.get(outcome="refused").raw is None
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_due_files(now=timezone.now() + timedelta(days=8)) == 1
    assert not path_of(stored.pk).exists()


def test_a_file_refused_whole_leaves_a_sentence_and_nothing_else(import_file):
    batch = import_file("hub_reference\n".encode("utf-16"))
    assert (batch.state, batch.refused_whole) == (
        "done",
        "The file is in UTF-16. Save it as CSV UTF-8 and send it again.",
    )
    assert Referral._base_manager.count() == 0


def test_contact_details_are_ciphertext_and_found_by_key(import_file, owner_cursor, cast, acting):
    import_file(hub_csv(hub_row()))
    with acting(cast["coordinator"]):
        details = ContactDetails.objects.get(person__last_name="Walker")
        assert details.email == "person99682@example.org"
        assert details.email_key and details.phone_key and details.postcode_key and details.outward_key


def test_the_command_prints_one_line(area, tmp_path, capsys):
    file = tmp_path / "hub.csv"
    file.write_bytes(hub_csv(hub_row(), hub_row(hub_reference="")))
    call_command("import_referrals", str(file), area=area.slug, dry_run=True)
    assert capsys.readouterr().out == "accepted 1, refused 1, already here 0, changed 0, warnings 0\n"
    assert Referral._base_manager.count() == ImportBatch._base_manager.count() == 0
    call_command("import_referrals", str(file), area=area.slug)
    assert capsys.readouterr().out == "accepted 1, refused 1, already here 0, changed 0, warnings 0\n"
    call_command("import_referrals", str(file), area=area.slug)
    assert capsys.readouterr().out == "accepted 0, refused 1, already here 1, changed 0, warnings 0\n"


@pytest.mark.parametrize(
    ("file", "slug", "sentence"),
    [
        ("hub.csv", "nowhere", "There is no service area nowhere. Make it with create_service_area."),
        ("absent.csv", "cambridgeshire", "There is no file absent.csv."),
    ],
)
def test_the_command_refuses_in_a_sentence(area, file, slug, sentence):
    with pytest.raises(CommandError) as refused:
        call_command("import_referrals", file, area=slug)
    assert str(refused.value) == sentence
