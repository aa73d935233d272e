import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from referrals.actions import NewPerson, hold_interested, put_on_hold, restrict
from referrals.models import Consent, ImportBatch, PossibleDuplicate, Referral
from rj_service.audit.models import AccessLog
from rj_service.jobs.leases import work_on

from .hub_rows import hub_csv, hub_row

LISTS = ["list", "waiting", "interested", "decided", "all"]


@pytest.fixture
def coordinator(cast, signed_in):
    return signed_in(cast["coordinator"])


def address(name, *args):
    return reverse(f"referrals:{name}", args=args)


def another(number):
    return NewPerson(first_name="Ann", last_name=f"Other{number}", phone=f"07700 900{number:03}", may_phone=True)


def test_the_queue_shows_the_clock_and_who_has_it(coordinator, refer):
    refer(received_on=timezone.localdate() - timedelta(days=30))
    page = coordinator.get(address("list"))
    text = page.content.decode()
    assert "working days over" in text
    assert "Grace Bellamy" in text
    assert "Take it" in text
    assert "Showing 1 to 1 of 1" in text
    row = AccessLog.objects.filter(kind="list").latest("id")
    assert len(row.people) == 2


@pytest.mark.proof
@pytest.mark.parametrize("name", LISTS)
def test_query_counts_do_not_depend_on_the_number_of_rows(
    name, coordinator, cast, acting, refer, django_assert_max_num_queries
):
    def fill(first, last):
        for number in range(first, last):
            referral = refer(harmed=another(number), suspect_identified=name != "interested", flags=[("stalking", "")])
            with acting(cast["coordinator"]):
                today = timezone.localdate()
                if name in ("waiting", "decided"):
                    put_on_hold(
                        referral=referral,
                        until=today + timedelta(days=3),
                        note="Asked",
                        by=cast["coordinator"],
                        today=today,
                    )

    def queries():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        coordinator.get(address(name))
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert coordinator.get(address(name)).status_code == 200
        return len(found)

    fill(0, 1)
    one = queries()
    fill(1, 4)  # thirty on every page: tests/access/test_statements.py, in the proof
    assert queries() == one


@pytest.mark.proof
def test_own_list_query_count(cast, signed_in, refer, hub):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(cast["hub_worker"])
    seen = []
    for first, last in ((0, 1), (1, 3), (3, 30)):
        for number in range(first, last):
            refer(by=cast["hub_worker"], organisation=hub, harmed=another(number))
        client.get(address("mine"))
        with CaptureQueriesContext(connection) as found:
            assert client.get(address("mine")).status_code == 200
        seen.append(len(found))
    assert seen[0] == seen[1] == seen[2]


@pytest.mark.parametrize("name", LISTS)
def test_filters_and_empty_lists(name, coordinator, refer):
    assert "No referral fits" not in coordinator.get(address(name)).content.decode()
    refer()
    for query in ("taken=me", "taken=nobody", "mechanism=victim_self", "clock=over", "clock=today", "taken=nonsense"):
        assert coordinator.get(f"{address(name)}?{query}").status_code == 200


def test_the_referral_page_shows_both_sides_and_no_number(coordinator, refer):
    referral = refer(notes="<script>alert(1)</script>")
    text = coordinator.get(address("detail", referral.pk)).content.decode()
    assert "Grace Bellamy" in text and "Kyle Brand" in text
    assert "07700 900101" not in text and "grace@example.org" not in text
    assert "<script>alert(1)" not in text


def test_contact_details_are_one_recorded_step_further_on(coordinator, refer):
    referral = refer()
    text = coordinator.get(address("contact", referral.pk, "harmed")).content.decode()
    assert text.index("Before you call or write") < text.index("07700 900101")
    row = AccessLog.objects.filter(kind="reveal").latest("id")
    assert row.people == [referral.person_harmed_id]


@pytest.mark.parametrize(
    ("name", "extra"),
    [
        ("detail", ()),
        ("decide", ()),
        ("contact", ("harmed",)),
        ("safe-contact", ("harmed",)),
        ("record-consent", ("harmed",)),
        ("withdraw-consent", ("harmed",)),
        ("record-bar", ("responsible",)),
        ("raise-flag", ()),
        ("restrict", ()),
        ("declare-conflict", ()),
    ],
)
def test_each_page_opens_for_the_area_and_is_absent_for_another(name, extra, cast, signed_in, refer):
    referral = refer()
    assert signed_in(cast["coordinator"]).get(address(name, referral.pk, *extra)).status_code == 200
    assert signed_in(cast["other_coordinator"]).get(address(name, referral.pk, *extra)).status_code == 404
    for who in ("hub_worker", "practitioner", "opcc", "admin"):
        if name == "declare-conflict" and who == "practitioner":
            continue  # they may declare, but this referral is not there for them
        assert signed_in(cast[who]).get(address(name, referral.pk, *extra)).status_code == 403


def test_a_restricted_referral_is_absent(cast, signed_in, refer, acting):
    referral = refer()
    with acting(cast["manager"]):
        restrict(referral=referral, reason="Police staff", by=cast["manager"])
    client = signed_in(cast["coordinator"])
    assert client.get(address("detail", referral.pk)).status_code == 404
    assert "Grace Bellamy" not in client.get(address("all")).content.decode()
    manager = signed_in(cast["manager"])
    assert "Name shown inside" in manager.get(address("all")).content.decode()
    assert manager.get(address("grant", referral.pk)).status_code == 200


def test_access_to_a_restricted_referral_is_given_ended_and_the_restriction_lifted(cast, signed_in, refer):
    referral = refer()
    manager, coordinator = signed_in(cast["manager"]), signed_in(cast["coordinator"])
    page, give = address("detail", referral.pk), address("grant", referral.pk)
    end = address("end-grant", referral.pk, cast["coordinator"].pk)
    assert manager.get(address("lift-restriction", referral.pk)).status_code == 404
    manager.post(address("restrict", referral.pk), {"reason": "Police staff"})
    assert coordinator.get(page).status_code == 404
    assert coordinator.post(end).status_code == 403

    manager.post(give, {"user": cast["coordinator"].pk, "reason": "Knows the family"})
    assert "Knows the family" in manager.get(page).content.decode()
    assert coordinator.get(page).status_code == 200
    assert manager.post(end)["Location"] == page
    assert (coordinator.get(page).status_code, manager.post(end).status_code) == (404, 404)

    last = manager.post(address("end-grant", referral.pk, cast["manager"].pk), follow=True)
    assert "Otherwise nobody could see this referral" in last.content.decode()
    manager.post(give, {"user": cast["coordinator"].pk, "reason": "Again"})
    assert "Access that was given ends" in manager.get(address("lift-restriction", referral.pk)).content.decode()
    assert manager.post(address("lift-restriction", referral.pk))["Location"] == page
    assert coordinator.get(page).status_code == 200

    manager.post(address("restrict", referral.pk), {"reason": "Once more"})
    assert (manager.get(page).status_code, coordinator.get(page).status_code) == (200, 404)


def test_a_decision_that_misses_its_reason_keeps_what_was_typed(coordinator, refer):
    referral = refer()
    page = coordinator.post(
        address("decide", referral.pk), {"decision": "not_accept", "decision_note": "", "not_accepted_reason": "risk"}
    )
    assert page.status_code == 422
    assert "Say why this referral is not accepted. The referrer does not see this" in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"decision": "interested", "wishes_contact": "Y"}, "interested"),
        ({"decision": "not_accept", "not_accepted_reason": "risk", "decision_note": "Fear"}, "not_accepted"),
        ({"decision": "elsewhere", "elsewhere_note": "Youth Justice Service"}, "referred_elsewhere"),
        ({"decision": "error", "error_note": "Test row"}, "entered_in_error"),
    ],
)
def test_deciding(coordinator, refer, typed, status):
    referral = refer()
    assert coordinator.post(address("decide", referral.pk), typed | {"seen": "received"}).status_code == 302
    assert Referral._base_manager.get(pk=referral.pk).status == status


def test_accepting_opens_one_case(cast, signed_in, refer):
    referral = refer()
    typed = {"decision": "accept", "seen": "received"}
    first = signed_in(cast["coordinator"]).post(address("decide", referral.pk), typed, follow=True)
    assert "The case is open" in first.content.decode()
    second = signed_in(cast["manager"]).post(address("decide", referral.pk), typed, follow=True)
    assert "D Castle accepted this referral" in second.content.decode()
    assert Case._base_manager.count() == 1


def test_marking_a_duplicate_by_its_reference(coordinator, refer):
    referral, other = refer(), refer()
    typed = {"decision": "duplicate", "duplicate_of": f"{other.reference[:4]}-{other.reference[4:]}"}
    assert coordinator.post(address("decide", referral.pk), typed).status_code == 302
    assert Referral._base_manager.get(pk=referral.pk).duplicate_of_id == other.pk
    unknown = coordinator.post(address("decide", other.pk), {"decision": "duplicate", "duplicate_of": "777777"})
    assert unknown.status_code == 422


def test_who_comes_second_is_told_who_was_first(cast, signed_in, refer, acting):
    referral = refer()
    with acting(cast["manager"]):
        hold_interested(referral=referral, by=cast["manager"], today=timezone.localdate())
    page = signed_in(cast["coordinator"]).post(
        address("decide", referral.pk), {"decision": "error", "error_note": "x", "seen": "received"}
    )
    assert page.status_code == 422
    assert "G Holt held this referral" in page.content.decode()


def test_taking_by_a_button(cast, signed_in, refer):
    referral = refer()
    signed_in(cast["coordinator"]).post(address("take", referral.pk))
    text = signed_in(cast["manager"]).post(address("take", referral.pk), follow=True).content.decode()
    assert "D Castle took this referral" in text
    assert Referral._base_manager.get(pk=referral.pk).taken_by == cast["coordinator"]


def test_a_referrer_reads_one_neutral_sentence(cast, signed_in, refer, hub, coordinator):
    referral = refer(by=cast["hub_worker"], organisation=hub)
    coordinator.post(
        address("decide", referral.pk),
        {"decision": "not_accept", "not_accepted_reason": "changed_mind", "decision_note": "CANARY she is afraid"},
    )
    text = signed_in(cast["hub_worker"]).get(address("mine")).content.decode()
    assert "We cannot take this forward at present" in text
    assert "CANARY" not in text and "changed" not in text.lower().replace("changed with", "")
    assert "Kyle" not in text


@pytest.mark.parametrize("who", ["coordinator", "hub_worker"])
def test_importing_by_page(who, cast, signed_in):
    client = signed_in(cast[who])
    assert client.post(address("import-file"), {}).status_code == 422
    upload = SimpleUploadedFile("hub.csv", hub_csv(hub_row(), hub_row(hub_reference="", notes="=1+1")), "text/csv")
    page = client.post(address("import-file"), {"file": upload})
    batch = ImportBatch._base_manager.get()
    assert page.url == address("import", batch.pk)
    assert "Waiting to start" in client.get(page.url).content.decode()
    assert work_on(ImportBatch, batch.pk)
    text = client.get(page.url).content.decode()
    assert "Download the refused rows" in text and "no hub_reference" in text
    download = client.get(address("refused-rows", batch.pk))
    content = io.BytesIO(b"".join(download.streaming_content)).getvalue().decode("utf-8-sig")
    assert "'=1+1" in content
    assert client.get(address("imports")).status_code == 200
    assert signed_in(cast["other_coordinator"]).get(page.url).status_code == 404
    assert signed_in(cast["other_coordinator"]).get(address("refused-rows", batch.pk)).status_code == 404


def test_two_records_are_found_at_triage_and_told_apart(coordinator, refer):
    refer()
    referral = refer()
    pair = PossibleDuplicate._base_manager.filter(reasons__contains="same_email").get()
    assert "Grace Bellamy" in coordinator.get(address("duplicates")).content.decode()
    for page in (address("detail", referral.pk), address("decide", referral.pk)):
        text = coordinator.get(page).content.decode()
        assert "This may be somebody we know" in text and "same email address" in text
    coordinator.post(address("duplicate-answer", pair.pk))
    assert PossibleDuplicate._base_manager.get(pk=pair.pk).answer == "different"
    assert "same email address" not in coordinator.get(address("detail", referral.pk)).content.decode()


def test_a_change_the_hub_sent_is_decided_by_seeing_both(coordinator, import_file):
    import_file(hub_csv(hub_row()))
    import_file(hub_csv(hub_row(victim_last_name="Walters", safe_to_leave_voicemail="Y")))
    referral = Referral._base_manager.get()
    text = coordinator.get(address("detail", referral.pk)).content.decode()
    assert "Walker" in text and "Walters" in text
    for change in referral.proposed_changes(manager="_base_manager").all():
        coordinator.post(address("change-answer", referral.pk), {"change": change.pk, "answer": "take"})
    referral = Referral._base_manager.get()
    assert referral.person_harmed.last_name == "Walters"


def test_recording_a_withdrawal(coordinator, refer):
    referral = refer()
    page = coordinator.post(address("withdraw-consent", referral.pk, "harmed"), {"purpose": ""})
    assert page.status_code == 302
    assert Consent._base_manager.get().withdrawn_at is not None


def test_declaring_a_conflict_shuts_the_page(coordinator, refer):
    referral = refer()
    assert coordinator.post(address("declare-conflict", referral.pk), {"reason": ""}, follow=True).status_code == 200
    assert coordinator.get(address("detail", referral.pk)).status_code == 404
