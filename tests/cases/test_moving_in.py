"""A service moves in: every row has a fate, what protects somebody holds from the first moment, and nothing is made twice."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import Assessment, Assignment, Case, Contact, MoveIn, MoveInRow
from cases.moving_in import BAR, CASES, CONTACT, STOP, TEMPLATES, WAITING, parse
from cases.tasks import forget_moves, move_in  # noqa: F401 (registers the work of a MoveIn)
from referrals import policy
from referrals.actions import NewPerson, restrict
from referrals.choices import SensitiveKind
from referrals.models import (
    Consent,
    LegalBar,
    Offer,
    Person,
    PossibleDuplicate,
    Referral,
    SafeContact,
    SafetyChange,
    SensitiveFlag,
    Task,
    WatchedInterest,
)
from reporting.data import figures_for
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.audit.models import AccessLog
from rj_service.documents.actions import open_file
from rj_service.documents.models import StoredFile
from rj_service.documents.tables_in import open_table
from rj_service.documents.tables_out import book_bytes, csv_bytes
from rj_service.jobs.leases import work_on
from rj_service.notifications.models import Notification
from tests.referrals.conftest import import_file, row_counts  # noqa: F401
from tests.referrals.hub_rows import hub_csv, hub_row
from tests.volunteers.factories import ready_practitioner

from .earlier_system import as_csv, as_xlsx, row

TODAY = timezone.localdate
OF_THE_TRIAL = {
    "cases.movein",
    "cases.moveinfile",
    "cases.moveinrow",
    "audit.domainevent",
    "documents.storedfile",
    "notifications.notification",
}


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.FILES_DIR = tmp_path


@pytest.fixture
def try_out(area, cast):
    """`try_out(waiting=b"…")`: the files of a manager, tried out."""

    def run(**files: bytes) -> MoveIn:
        with acting_as(cast["manager"]) as by:
            uploads = {key: actions.Upload(f"{key}.csv", [content]) for key, content in files.items()}
            move = actions.try_move_in(area=area, from_system="Spreadsheets", files=uploads, by=by)
        assert work_on(MoveIn, move.pk)
        return MoveIn._base_manager.get(pk=move.pk)

    return run


@pytest.fixture
def agree(cast):
    """Asked by the manager, agreed to by the coordinator; nothing is moved yet."""

    def run(move: MoveIn) -> MoveIn:
        with acting_as(cast["manager"]) as by:
            actions.ask_to_move_in(move=move, by=by)
        with acting_as(cast["coordinator"]) as by:
            return actions.answer_move_in(move=move, agreed=True, by=by)

    return run


@pytest.fixture
def bring(try_out, agree):
    """`bring(waiting=b"…")`: moved in."""

    def run(**files: bytes) -> MoveIn:
        move = agree(try_out(**files))
        assert work_on(MoveIn, move.pk)
        return MoveIn._base_manager.get(pk=move.pk)

    return run


def rows_of(move: MoveIn) -> list[MoveInRow]:
    return list(MoveInRow._base_manager.filter(move_in=move).order_by("template", "line"))


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template.key)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_template_s_own_example_is_sound(template, kind):
    tables = {"csv": lambda rows: csv_bytes(rows), "xlsx": lambda rows: book_bytes({"Rows": rows})}
    table = open_table(io.BytesIO(tables[kind](template.rows)), known=template.names, mandatory=template.mandatory)
    assert table.unknown_columns == () and table.row_count == 1
    [(line, cells, misfit)] = table.records()
    example = parse(template.key, line, cells, today=date(2026, 11, 22), misfit=misfit)
    assert (example.reasons, example.warnings) == ((), ())
    assert len(template.explanation) == len(template.columns) + 1


@pytest.mark.parametrize(
    ("template", "changed", "read"),
    [
        (BAR, {"kind": "witchcraft"}, {"kind": "no_contact", "words": "witchcraft"}),
        (BAR, {"kind": "Bail"}, {"kind": "bail", "words": ""}),
        (BAR, {"starts_on": "soon"}, {"starts_on": date(2026, 11, 22)}),
        (BAR, {"ends_on": "in spring"}, {"ends_on": None}),
        (BAR, {"ends_on": "01/01/2020"}, {"ends_on": None}),
        (BAR, {"authority": ""}, {"authority": "Not known: from the earlier system"}),
        (STOP, {"what": "please leave her alone"}, {"what": "never"}),
        (STOP, {"what": "Withdrew", "date": "31/31/2020"}, {"what": "withdrew", "on": date(2026, 11, 22)}),
        (STOP, {"side": ""}, {"side": "harmed"}),
        (WAITING, {"victim_must_stay_hidden": "perhaps"}, {"must_stay_hidden": True}),
        (WAITING, {"victim_must_stay_hidden": "N"}, {"must_stay_hidden": False}),
    ],
)
def test_what_protects_is_never_refused_for_how_it_is_written(template, changed, read):
    parsed = parse(template, 2, row(template, **changed), today=date(2026, 11, 22))
    assert parsed.reasons == ()
    assert {name: getattr(parsed, name) for name in read} == read


@pytest.mark.parametrize(
    ("template", "changed", "reason"),
    [
        (WAITING, {"contact_consent": "N"}, "no consent to contact recorded"),
        (WAITING, {"reference": ""}, "no reference"),
        (CASES, {"contact_consent": "", "offender_contact_consent": "Y"}, "nobody agreed to be contacted"),
        (CASES, {"date_opened": "01/11/2025"}, "date_opened is before date_received"),
        (CASES, {"date_opened": "2031-01-01"}, "date_opened is in the future"),
        (CONTACT, {"date": "03/13/2025"}, "date is not a date"),
        (CONTACT, {"side": "both"}, "side is neither"),
        (CONTACT, {"method": "pigeon"}, "method is not known"),
        (BAR, {"side": "?"}, "side is neither"),
        (STOP, {"reference": ""}, "neither a reference nor a name"),
    ],
)
def test_a_row_comes_back_with_its_reason(template, changed, reason):
    [given] = parse(template, 2, row(template, **changed), today=date(2026, 11, 22)).reasons
    assert given.startswith(reason)


def test_a_case_that_the_person_responsible_began_needs_their_agreement():
    begun = {"initiated_by": "offender", "contact_consent": "N"}
    assert parse(CASES, 2, row(CASES, **begun), today=TODAY()).reasons == ()
    [reason] = parse(CASES, 2, row(CASES, **begun, offender_contact_consent="N"), today=TODAY()).reasons
    assert reason.startswith("nobody agreed")


def test_trying_out_makes_nothing_and_gives_every_row_a_fate(try_out, cast, refer):
    here = refer(received_on=date(2025, 1, 9))
    with acting_as(cast["coordinator"]):
        Referral.objects.filter(pk=here.pk).update(earlier_reference="PC-1")
    system_user("scheduler")
    before = row_counts()
    move = try_out(
        waiting=as_csv(
            WAITING,
            row(WAITING),
            row(WAITING, reference="PC-3", victim_postcode="nonsense"),
            row(WAITING, reference="PC-3"),
            row(WAITING, reference="PC-4", contact_consent=""),
            row(
                WAITING,
                reference="PC-5",
                victim_first_name="Maureen",
                victim_last_name="Okafor",
                victim_phone="07700 900142",
            ),
            row(WAITING, reference="EXAMPLE-1"),
        ),
        cases=as_xlsx(CASES, row(CASES, coordinator_email="nobody@example.org")),
        contacts=as_csv(
            CONTACT, row(CONTACT), row(CONTACT), row(CONTACT, reference="PC-9"), row(CONTACT, reference="PC-4")
        ),
        bars=as_csv(BAR, row(BAR)),
    )
    assert {name for name, number in row_counts().items() if number != before[name]} <= OF_THE_TRIAL
    assert move.step == MoveIn.Step.TRIED and (move.progress_done, move.progress_total) == (12, 12)
    found = {(one.template, one.line): (one.fate, *one.reasons) for one in rows_of(move)}
    assert found == {
        ("bars", 2): ("make",),
        ("cases", 2): ("make",),
        ("contacts", 2): ("make",),
        ("contacts", 3): ("here", "the same row stands in the file twice"),
        ("contacts", 4): ("refused", "there is no person or case with this reference"),
        ("contacts", 5): ("refused", "its row is refused: People waiting, line 5"),
        ("waiting", 2): ("here",),
        ("waiting", 3): ("make",),
        ("waiting", 4): ("refused", "its reference stands twice: also in People waiting, line 3"),
        ("waiting", 5): ("refused", "no consent to contact recorded"),
        ("waiting", 6): ("alike",),
        ("waiting", 7): ("left_out",),
    }
    [alike] = [one for one in rows_of(move) if one.fate == "alike"]
    assert alike.alike_id == here.pk
    warned = {one.reference: one.warnings for one in rows_of(move) if one.warnings}
    assert warned == {
        "PC-3": ["victim_postcode: kept as given, does not validate"],
        "PC-2": ["no coordinator here has this email: you coordinate it"],
    }
    with acting_as(cast["manager"]):
        lines = list(csv.DictReader(io.StringIO(open_file(move.fates).read().decode("utf-8-sig"))))
    assert len(lines) == len(found)
    assert [line["referral"] for line in lines if line["referral"]]
    assert "Okafor" not in str(lines) and "07700" not in str(lines)


def test_the_uploads_are_gone_once_tried_out_and_the_rows_are_encrypted(try_out):
    move = try_out(waiting=as_csv(WAITING, row(WAITING)))
    [file] = move.files.model._base_manager.filter(move_in=move)
    assert file.upload is None and file.sha256
    [one] = rows_of(move)
    assert one.words["victim_last_name"] == "Harrow"


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"bars": as_csv(BAR, row(BAR, reference="PC-77"))}, "Bars or withdrawals without anybody: 1"),
        ({"stops": as_csv(STOP, row(STOP, reference="PC-77"))}, "Bars or withdrawals without anybody: 1"),
        ({"bars": as_csv(BAR, row(BAR, reference="PC-1"))}, "Bars or withdrawals without anybody: 1"),
        ({"bars": b"reference\nPC-1"}, "Legal bars: the file was refused. The column side is missing."),
    ],
    ids=["bar of nobody", "withdrawal of nobody", "bar of a side that names nobody", "bars that cannot be read"],
)
def test_nothing_moves_in_while_a_bar_or_a_withdrawal_has_nobody(try_out, cast, files, sentence):
    move = try_out(waiting=as_csv(WAITING, row(WAITING)), **files)
    with acting_as(cast["manager"]) as by:
        assert actions.why_not_yet(move)[0].startswith(sentence)
        with pytest.raises(DomainError):
            actions.ask_to_move_in(move=move, by=by)


def test_a_case_moves_in_whole(bring, cast, area):
    facilitator = ready_practitioner(area, TODAY(), user=cast["practitioner"])
    before = Notification.objects.count()
    move = bring(
        cases=as_csv(
            CASES,
            row(
                CASES,
                coordinator_email=cast["coordinator"].email.upper(),
                facilitator_email=cast["practitioner"].email,
                facilitator_sides="both",
                sensitive_flags="domestic_abuse",
                approach_consent_date="20/11/2025",
                victim_assessment="Suitable",
                victim_assessed_on="10/01/2026",
                victim_take_part_on="11/01/2026",
                stage="Preparing",
                must_not_know="Her brother",
                victim_must_stay_hidden="Y",
                referring_organisation="Fenland Housing",
            ),
        ),
        contacts=as_csv(
            CONTACT, row(CONTACT, note="Wishes to hear more"), row(CONTACT, date="04/12/2025", result="no_answer")
        ),
        bars=as_csv(BAR, row(BAR)),
    )
    assert {one.became for one in rows_of(move)} == {"make"}
    with acting_as(cast["coordinator"]):
        case = Case.objects.select_related("referral__organisation", "coordinator").get()
        assert timezone.localdate(case.stage_since) == TODAY()
        referral = case.referral
        assert (case.opened_on, case.stage, case.coordinator) == (
            date(2025, 11, 20),
            "initial_contact",
            cast["coordinator"],
        )
        assert (referral.received_on, referral.status, referral.earlier_reference) == (
            date(2025, 11, 5),
            "accepted",
            "PC-2",
        )
        assert referral.moved_in_on == TODAY() and referral.organisation.name == "Fenland Housing"
        assert timezone.localdate(referral.decided_at) == date(2025, 11, 20)
        harmed, responsible = referral.person_harmed, referral.person_responsible
        assert (harmed.approach, responsible.approach) == ("agreed", "agreed")
        safe = SafeContact.objects.get(person=harmed)
        assert (safe.may_phone, safe.may_email, safe.may_write, safe.must_not_know) == (
            True,
            True,
            False,
            "Her brother",
        )
        assert harmed.contact_details.must_stay_hidden
        safe = SafeContact.objects.get(person=responsible)
        assert (safe.may_phone, safe.may_leave_voicemail, safe.may_email) == (True, False, False)
        assert responsible.contact_details.phone == "07700 900456"
        agreed = set(Consent.objects.in_force().values_list("person", "purpose", "given_on"))
        assert agreed == {
            (harmed.pk, "contact", date(2025, 11, 5)),
            (harmed.pk, "approach_other_side", date(2025, 11, 20)),
            (responsible.pk, "contact", date(2025, 12, 2)),
        }
        assert not Assessment.objects.exists(), "what opens the gate is never imported"
        bar = LegalBar.objects.get()
        assert (bar.person, bar.kind, bar.authority, bar.starts_on) == (responsible, "bail", "Police", date(2026, 2, 1))
        assert SensitiveFlag.objects.get().kind == SensitiveKind.DOMESTIC_ABUSE
        assignment = Assignment.objects.get()
        assert (assignment.practitioner, assignment.role, assignment.sides) == (facilitator, "lead", "both")
        contacts = Contact.objects.order_by("occurred_at")
        assert [(one.method, one.result, one.side, one.note) for one in contacts] == [
            ("phone", "spoke", "harmed", "Wishes to hear more"),
            ("phone", "no_answer", "harmed", ""),
        ]
        assert all(one.is_from_earlier_system for one in contacts)
        assert timezone.localdate(contacts[0].occurred_at) == date(2025, 12, 3)
        assert not Task.objects.exists() and not SafetyChange.objects.exists()
    new = Notification.objects.order_by("created_at")[before:]
    assert {one.kind for one in new} == {"move_in_tried", "move_in_to_agree", "move_in_answered", "move_in_done"}
    assert cast["practitioner"].pk not in {one.user_id for one in new}
    assert mail.outbox == []


def test_people_who_wait_keep_their_days_and_no_offer_is_late_because_of_them(bring, cast):
    bring(
        waiting=as_csv(
            WAITING,
            row(WAITING, offender_identified="N", wish="To ask why", wish_confirmed_on="12/05/2026", safe_to_phone="Y"),
            row(
                WAITING,
                reference="PC-3",
                victim_last_name="Marlow",
                next_check_on="01/03/2027",
                offender_identified="N",
            ),
            row(WAITING, reference="PC-4", victim_last_name="Ingram", worker_email=cast["coordinator"].email),
        )
    )
    with acting_as(cast["coordinator"]):
        first, second = WatchedInterest.objects.order_by("referral__earlier_reference")
        assert (first.since, first.confirmed_on) == (date(2025, 11, 5), date(2026, 5, 12))
        assert first.next_check_on == date(2026, 5, 12) + timedelta(days=91) and first.wish == "To ask why"
        assert (second.confirmed_on, second.next_check_on) == (date(2025, 11, 5), date(2027, 3, 1))
        third = Referral.objects.get(earlier_reference="PC-4")
        assert (third.status, third.taken_by) == ("received", cast["coordinator"])
        assert not Offer.objects.exists()


@pytest.mark.parametrize("what", ["withdrew", "never", "died"])
@pytest.mark.parametrize("template", [WAITING, CASES])
def test_whoever_stopped_moves_in_stopped(bring, cast, template, what):
    reference = row(template)["reference"]
    waits = {"offender_identified": "N"} if template == WAITING else {}
    bring(
        **{template: as_csv(template, row(template, safe_to_phone="Y", safe_to_email="Y", safe_to_write="Y", **waits))},
        stops=as_csv(STOP, row(STOP, reference=reference, what=what)),
    )
    with acting_as(cast["coordinator"]):
        referral = Referral.objects.get()
        person = referral.person_harmed
        if what == "died":
            assert person.died_on == date(2026, 6, 30)
        else:
            assert person.approach == {"withdrew": "not_approached", "never": "never"}[what]
            assert SafeContact.objects.get(person=person).through_referrer_only
            assert not Consent.objects.in_force().filter(person=person).exists()
        if template == WAITING:
            assert referral.status == "not_accepted" and not WatchedInterest.objects.standing().exists()
        else:
            assert referral.case.stage == "stopped"
        assert not Task.objects.exists() and not SafetyChange.objects.exists()


def test_the_responsible_side_s_withdrawal_keeps_the_agreement_that_came_with_it_out(bring, cast):
    bring(cases=as_csv(CASES, row(CASES)), stops=as_csv(STOP, row(STOP, reference="PC-2", side="responsible")))
    with acting_as(cast["coordinator"]):
        responsible = Referral.objects.get().person_responsible
        assert responsible.approach == "not_approached"
        assert SafeContact.objects.get(person=responsible).through_referrer_only
        assert not Consent.objects.in_force().filter(person=responsible).exists()


def test_somebody_of_no_referral_who_asked_never_to_be_approached_is_found_when_sent_again(bring, cast, refer):
    named = {"first_name": "Edwin", "last_name": "Sample", "date_of_birth": "08/08/1961", "phone": "07700 900789"}
    bring(waiting=as_csv(WAITING, row(WAITING)), stops=as_csv(STOP, row(STOP, reference="", what="never", **named)))
    with acting_as(cast["coordinator"]):
        never = Person.objects.get(last_name="Sample")
        assert never.approach == "never" and never.referrals_as_harmed.get().status == "not_accepted"
    again = NewPerson(first_name="Edwin", last_name="Sample", date_of_birth=date(1961, 8, 8), phone="07700900789")
    refer(harmed=again)
    with acting_as(cast["coordinator"]):
        pair = PossibleDuplicate.objects.get()
        assert never.pk in (pair.person_id, pair.other_id)


def test_the_same_files_again_change_nothing(bring, try_out, agree, cast):
    files = {
        "waiting": as_csv(WAITING, row(WAITING)),
        "cases": as_csv(CASES, row(CASES)),
        "contacts": as_csv(CONTACT, row(CONTACT)),
        "bars": as_csv(BAR, row(BAR)),
        "stops": as_csv(STOP, row(STOP), row(STOP, reference="", first_name="Edwin", last_name="Sample")),
    }
    bring(**files)
    before = row_counts()
    again = bring(**files)
    assert {one.became for one in rows_of(again)} == {"here"}
    assert {name for name, number in row_counts().items() if number != before[name]} <= OF_THE_TRIAL


def test_a_move_that_stops_in_the_middle_goes_on_where_it_was(try_out, agree, cast):
    rows = [row(WAITING, reference=f"PC-{n}", victim_last_name=f"Name{n}") for n in range(5)]
    move = agree(try_out(waiting=as_csv(WAITING, *rows)))
    for _ in range(2):  # what a worker that is killed leaves behind: a row is done or is not
        with acting_as(cast["manager"]) as by:
            next(actions.move_rows(move=move, by=by, today=TODAY()))
    assert Referral._base_manager.count() == 2
    assert work_on(MoveIn, move.pk)
    assert sorted(Referral._base_manager.values_list("earlier_reference", flat=True)) == [f"PC-{n}" for n in range(5)]


def test_somebody_here_already_loses_what_the_earlier_system_did_not_allow(bring, cast, refer):
    referral = refer()  # may be phoned
    with acting_as(cast["coordinator"]):
        Referral.objects.filter(pk=referral.pk).update(hub_reference="HUB-9")
    move = bring(
        waiting=as_csv(WAITING, row(WAITING, hub_reference="HUB-9", safe_to_phone="N", victim_last_name="Other")),
        bars=as_csv(BAR, row(BAR, reference="PC-1")),
    )
    assert {one.template: one.became for one in rows_of(move)} == {"waiting": "here", "bars": "make"}
    with acting_as(cast["coordinator"]):
        fresh = Referral.objects.get()
        assert fresh.earlier_reference == "PC-1" and fresh.person_harmed.last_name == "Okafor"
        assert SafeContact.objects.get(person=fresh.person_harmed).through_referrer_only
        assert LegalBar.objects.get().person == fresh.person_responsible
        assert {one.kind for one in SafetyChange.objects.all()} == {"contact_stricter", "bar_recorded"}
    told = Notification.objects.filter(kind="safety_change").values_list("user", flat=True)
    assert set(told) == {cast["coordinator"].pk}


def test_a_withdrawal_of_somebody_here_already_is_a_safety_change(bring, cast):
    bring(waiting=as_csv(WAITING, row(WAITING, safe_to_phone="Y")))
    bring(stops=as_csv(STOP, row(STOP)))
    with acting_as(cast["coordinator"]):
        assert not Consent.objects.in_force().exists()
        assert SafetyChange.objects.get().kind == "consent_withdrawn"


def test_nobody_agrees_to_their_own_and_nobody_else_asks(try_out, cast):
    move = try_out(waiting=as_csv(WAITING, row(WAITING)))
    with acting_as(cast["coordinator"]) as by, pytest.raises(NotAllowed):
        actions.ask_to_move_in(move=move, by=by)
    with acting_as(cast["manager"]) as by:
        actions.ask_to_move_in(move=move, by=by)
        with pytest.raises(NotAllowed):
            actions.answer_move_in(move=move, agreed=True, by=by)
    assert not work_on(MoveIn, move.pk), "it waits"
    with acting_as(cast["coordinator"]) as by:
        ended = actions.answer_move_in(move=move, agreed=False, by=by)
    assert ended.step == MoveIn.Step.ENDED and Referral._base_manager.count() == 0
    assert [one.raw for one in rows_of(move)] == [None]


def test_who_may_not_move_it_in_any_more_moves_nothing_in(try_out, agree, cast):
    move = agree(try_out(waiting=as_csv(WAITING, row(WAITING))))
    cast["manager"].memberships.update(ended_on=TODAY() - timedelta(days=1))
    assert work_on(MoveIn, move.pk)
    move = MoveIn._base_manager.get(pk=move.pk)
    assert move.step == MoveIn.Step.ENDED and Referral._base_manager.count() == 0


def test_what_nobody_goes_on_with_is_forgotten(try_out, cast):
    old = try_out(waiting=as_csv(WAITING, row(WAITING)))
    forget_moves()
    assert rows_of(old)[0].raw is not None
    MoveIn._base_manager.filter(pk=old.pk).update(created_at=timezone.now() - actions.moving_in.KEPT_UNASKED)
    forget_moves()
    assert rows_of(old)[0].raw is None and MoveIn._base_manager.get(pk=old.pk).step == MoveIn.Step.ENDED
    assert StoredFile.objects.get(pk=old.fates_id).deleted_at


def test_months_that_were_reported_stay_as_they_are(bring, cast, area, refer):
    refer(received_on=date(2025, 11, 10))
    november = date(2025, 11, 1)
    with acting_as(cast["coordinator"]):
        before = figures_for(area, november).measures
    bring(
        waiting=as_csv(WAITING, row(WAITING, offender_identified="N")),
        cases=as_csv(CASES, row(CASES)),
    )
    with acting_as(cast["coordinator"]):
        after = figures_for(area, november).measures
        stock = [sum(one["waiting_stock"]["cells"].values()) for one in (before, after)]
    assert stock == [0, 1]
    assert before["referrals_received"] == {"value": 1}
    assert {name for name in after if after[name] != before[name]} == {"waiting_stock"}


def test_whose_age_was_established_moves_in_signed_and_whose_was_not_is_asked(bring, cast):
    known = {"victim_adult_because": "document", "victim_adult_on": "03/05/2026"}
    odd = {"offender_adult_because": "looked old", "victim_adult_because": "met", "victim_date_of_birth": "14/03/2010"}
    move = bring(
        cases=as_csv(CASES, row(CASES, **known), row(CASES, reference="PC-3", **odd)),
    )
    assert {one.became for one in rows_of(move)} == {"make"}
    assert "offender_adult_because" in str([one.warnings for one in rows_of(move)])
    with acting_as(cast["coordinator"]):
        first, second = Case.objects.select_related("referral").order_by("referral__earlier_reference")
        signed, child = first.referral.person_harmed, second.referral.person_harmed
        assert (signed.adult_because, signed.adult_on) == ("document", date(2026, 5, 3))
        assert signed.adult_by == cast["manager"] and policy.age_group(signed, TODAY()) == "adult"
        assert policy.age_group(child, TODAY()) == "child" and not child.adult_because
        for unknown in (first.referral.person_responsible, second.referral.person_responsible):
            assert policy.age_group(unknown, TODAY()) == "not_known"


def test_the_page_names_a_referral_to_those_alone_who_may_see_it(try_out, cast, refer, signed_in):
    here = refer()
    move = try_out(
        waiting=as_csv(
            WAITING, row(WAITING, victim_first_name="Maureen", victim_last_name="Okafor", victim_phone="07700 900142")
        )
    )
    page = reverse("cases:move-in", args=[move.pk])
    spoken = f"{here.reference[:4]}-{here.reference[4:]}"
    assert spoken in signed_in(cast["coordinator"]).get(page).content.decode()
    with acting_as(cast["manager"]) as by:
        restrict(referral=here, reason="A colleague’s neighbour", by=by)
    answer = signed_in(cast["coordinator"]).get(page).content.decode()
    assert spoken not in answer and "Will be made: possible duplicate" in answer
    assert spoken in signed_in(cast["manager"]).get(page).content.decode()


def test_the_earlier_system_s_words_are_read_by_those_who_read_the_referral(bring, cast, signed_in):
    bring(
        cases=as_csv(CASES, row(CASES, stage="Preparing", victim_assessment="Suitable")),
        contacts=as_csv(CONTACT, row(CONTACT, note="In January")),
    )
    with acting_as(cast["coordinator"]):
        referral = Referral.objects.get()
    told = signed_in(cast["coordinator"]).get(reverse("referrals:detail", args=[referral.pk])).content.decode()
    assert "Accepted, in the earlier system, 20 November 2025" in told and "As the earlier system had it" in told
    page = reverse("cases:from-earlier-system", args=[referral.pk])
    words = signed_in(cast["coordinator"]).get(page).content.decode()
    assert "Preparing" in words and "In January" in words and "Spreadsheets" in words
    read = AccessLog.objects.filter(page="cases:from-earlier-system", kind="view").get()
    assert set(read.people) == {referral.person_harmed_id, referral.person_responsible_id}


def test_what_the_hub_sends_again_finds_who_moved_in(bring, import_file, cast):  # noqa: F811
    bring(waiting=as_csv(WAITING, row(WAITING, hub_reference="HUB-1", safe_to_phone="Y")))
    batch = import_file(hub_csv(hub_row(hub_reference="HUB-1", contact_consent="N")))
    assert (batch.accepted, batch.changed) == (0, 1)
    with acting_as(cast["coordinator"]):
        assert not Consent.objects.in_force().exists()
        assert Referral.objects.count() == 1


@pytest.fixture
def undo(cast):
    def run(move: MoveIn, by: str = "manager") -> MoveIn:
        with acting_as(cast[by]) as user:
            actions.undo_move_in(move=move, because="The wrong file", by=user)
        assert work_on(MoveIn, move.pk)
        return MoveIn._base_manager.get(pk=move.pk)

    return run


def test_a_whole_move_is_taken_back_and_what_protects_somebody_stays(bring, undo, cast, signed_in):
    files = {
        "waiting": as_csv(WAITING, row(WAITING)),
        "cases": as_csv(CASES, row(CASES)),
        "bars": as_csv(BAR, row(BAR, reference=row(CASES)["reference"])),
    }
    move = undo(bring(**files))
    assert (move.step, move.undone_by) == ("undone", cast["manager"])
    assert set(Referral._base_manager.values_list("status", flat=True)) == {"entered_in_error"}
    assert Case._base_manager.get().status == "closed"
    assert LegalBar._base_manager.count() == 1
    assert not MoveInRow._base_manager.filter(move_in=move, became="make", template__in=["waiting", "cases"]).exists()
    page = signed_in(cast["manager"]).get(reverse("cases:move-in", args=[move.pk])).content.decode()
    assert "The wrong file" in page and "Taken back" in page
    again = bring(**files)
    assert [one.became for one in rows_of(again) if one.template in ("waiting", "cases")] == ["make", "make"]


def test_what_somebody_worked_on_stands_in_the_way_of_all_of_it(bring, undo, cast, signed_in):
    move = bring(waiting=as_csv(WAITING, row(WAITING)), cases=as_csv(CASES, row(CASES)))
    with acting_as(cast["coordinator"]) as by:
        with pytest.raises(NotAllowed):
            actions.undo_move_in(move=move, because="The wrong file", by=by)
        case = Case.objects.get()
        actions.raise_flag(case=case, kind="stalking", by=by, today=TODAY())
    with pytest.raises(DomainError, match="1 referral has been worked on since"):
        undo(move)
    page = signed_in(cast["manager"]).get(reverse("cases:undo-move-in", args=[move.pk])).content.decode()
    assert "has been worked on since" in page and "Take it all back</button>" not in page
    assert Referral._base_manager.filter(status="entered_in_error").count() == 0


def test_several_people_responsible_come_into_one_case_and_an_order_binds_each(bring):
    named = {"second_first_name": "Niall", "second_last_name": "Vane", "second_date_of_birth": "1/4/1998"}
    named |= {"third_last_name": "Orme", "third_date_of_birth": "in spring"}
    reference = row(CASES)["reference"]
    bring(cases=as_csv(CASES, row(CASES, **named)), bars=as_csv(BAR, row(BAR, reference=reference, side="responsible")))
    case = Case._base_manager.get()
    people = {one.person for one in case.participants.with_scopes_disabled().filter(side="responsible")}
    assert {one.last_name: one.date_of_birth for one in people if one.last_name != "Brand"} == {
        "Vane": date(1998, 4, 1),
        "Orme": None,
    }
    assert {bar.person_id for bar in LegalBar._base_manager.all()} == {one.pk for one in people}
    safe = SafeContact._base_manager.filter(person__last_name__in=["Vane", "Orme"])
    assert all(one.through_referrer_only for one in safe) and len(safe) == 2


def test_a_second_person_responsible_without_a_first_is_given_back():
    parsed = parse(WAITING, 2, row(WAITING, second_last_name="Vane"), today=date(2026, 11, 22))
    assert "a second person responsible is named, and no first" in parsed.reasons
