"""A file of a list holds what its asker sees; of many people only when a second person agrees; nobody else gets it."""

import csv
import io
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import resolve, reverse
from django.utils import timezone
from openpyxl import load_workbook

from benchmarks.lists_at_size import lists
from referrals.actions import NewPerson, restrict
from referrals.choices import Mechanism
from rj_service.accounts.models import Membership
from rj_service.accounts.views import SIGNED_IN, GuardedListView
from rj_service.audit.models import AccessLog, DomainEvent
from rj_service.documents.actions import delete_file
from rj_service.jobs.leases import work_on
from rj_service.lists import tasks  # noqa: F401 (registers the work of an ExportRun)
from rj_service.lists.models import ExportRun
from rj_service.notifications.models import Notification
from rj_service.ui.references import spoken
from tests.factories import member
from tests.referrals.conftest import refer  # noqa: F401
from tests.reporting.factories import CaseFactory
from tests.typed import typed

TODAY = timezone.localdate()
DAYS = urlencode(typed(first_day=TODAY - timedelta(days=1), last_day=TODAY + timedelta(days=1)))
ASK = {"file_format": "csv", "reason": "The steering group"}


def ask(client, query="", name="referrals:list", **changed):
    return client.post(f"{reverse('lists:ask-for-file', args=[name])}?{query}", ASK | changed)


def made(client, query="", name="referrals:list", **changed) -> ExportRun:
    assert ask(client, query, name, **changed).status_code == 302
    run = ExportRun.objects.latest("created_at")
    work_on(ExportRun, run.pk)
    run.refresh_from_db()
    return run


def content(client, run) -> bytes:
    return b"".join(client.get(reverse("lists:download", args=[run.pk])).streaming_content)


def rows(client, run) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(client, run).decode("utf-8-sig"))))


def test_it_holds_the_rows_that_the_filters_leave(signed_in, cast, refer):  # noqa: F811
    client = signed_in(cast["coordinator"])
    own, _ = refer(mechanism=Mechanism.VICTIM_SELF), refer()
    run = made(client, f"mechanism={Mechanism.VICTIM_SELF}&after=nonsense&no=such")
    assert run.query == f"mechanism={Mechanism.VICTIM_SELF}"
    [row] = rows(client, run)
    assert row["Reference"] == spoken(own.reference) and row["Person harmed"] == "Grace Bellamy"
    assert "07700" not in str(row) and "Mill Lane" not in str(row)
    read = AccessLog.objects.filter(kind="export")
    assert {key for one in read for key in one.people} == {own.person_harmed_id, own.person_responsible_id}
    assert AccessLog.objects.filter(kind="download", object_id=run.pk).count() == 1


def test_a_spreadsheet_runs_nothing_of_it(signed_in, cast, refer):  # noqa: F811
    client = signed_in(cast["coordinator"])
    refer(hub_reference="=1+1")
    book = load_workbook(io.BytesIO(content(client, made(client, file_format="xlsx"))))
    heading, row = list(book.active.iter_rows())
    cell = row[[one.value for one in heading].index("Hub reference")]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    [as_csv] = rows(client, made(client))
    assert as_csv["Hub reference"] == "'=1+1"


def test_a_restricted_name_stays_inside_and_another_area_outside(signed_in, cast, refer, acting):  # noqa: F811
    referral = refer()
    with acting(cast["coordinator"]) as by:
        restrict(referral=referral, reason="A colleague's neighbour", by=by)
    client = signed_in(cast["coordinator"])
    [row] = rows(client, made(client))
    assert row["Person harmed"] == row["Person responsible"] == "Name shown inside"
    assert not any(one.people for one in AccessLog.objects.filter(kind="export"))
    other = signed_in(cast["other_coordinator"])
    assert rows(other, made(other)) == []


def test_every_list_has_a_file_or_says_why_not(signed_in, cast):
    """Every list of the service, by the first of the cast who may open it; a worker makes the file."""
    clients = {one.permissions: signed_in(one.user) for one in Membership.objects.filter(user__in=cast.values())}
    seen = {True: 0, False: 0}
    for name in lists():
        view = resolve(reverse(name)).func.view_class
        opened_by = view.opened_by() - {SIGNED_IN}
        client = next(one for permissions, one in clients.items() if not opened_by or opened_by & permissions)
        seen[bool(view.columns)] += 1
        if view.columns:
            run = made(client, name=name)
            heading = content(client, run).decode("utf-8-sig").splitlines()[0]
            assert (run.state, next(csv.reader([heading]))) == ("done", list(view.columns)), name
            assert view.filter_class, f"{name} has a file, and no filters to narrow it"
        else:
            assert client.get(reverse("lists:ask-for-file", args=[name])).status_code == 404, name
            assert view.no_file, name
    assert seen[True] > 20 and seen[False] > 3


def test_a_list_is_of_one_kind_or_the_other():
    class Listed(GuardedListView):
        abstract = True
        permission = "referrals.view"

    for words in ({}, {"columns": {"Reference": str}, "no_file": "It has none"}):
        with pytest.raises(TypeError, match="has a file, or a reason why not"):
            type("Neither", (Listed,), words)


def test_a_pair_of_one_restricted_referral_is_no_name(signed_in, cast, refer, acting, settings):  # noqa: F811
    """And the pairs of many people wait for a second person, though the pair itself holds no word."""
    one, other = refer(), refer(responsible=NewPerson())
    with acting(cast["manager"]) as by:
        restrict(referral=one, reason="A colleague's neighbour", by=by)
    client = signed_in(cast["manager"])
    page = client.get(reverse("referrals:duplicates")).content.decode()
    assert page.count("Name shown inside") == 1 and page.count("Grace Bellamy") == 1
    [row] = rows(client, made(client, name="referrals:duplicates"))
    assert {row["One"], row["Other"]} == {"Name shown inside", "Grace Bellamy"}
    [read] = AccessLog.objects.filter(kind="export")
    assert read.people == [other.person_harmed_id]
    settings.RJ_FILE_ROWS_ALONE = 0
    assert made(client, name="referrals:duplicates").waits_for_agreement


def test_who_looked_is_a_file_of_the_question(signed_in, cast, refer):  # noqa: F811
    referral = refer()
    person = referral.person_harmed_id
    signed_in(cast["coordinator"]).get(reverse("referrals:detail", args=[referral.pk]))
    client = signed_in(cast["dpo"])
    query = f"person=Grace+Bellamy,+{person}&{DAYS}"
    page = client.get(f"{reverse('operations:who-looked')}?{query}").content.decode()
    run = made(client, query, name="operations:who-looked")
    assert run.query == f"person={person}&{DAYS}"
    [row] = rows(client, run)
    assert (row["Who"], row["What they did"]) == ("Dana Castle", "Opened") and "Dana Castle" in page
    assert made(client, "", name="operations:who-looked").rows == 0


@pytest.mark.parametrize(
    ("side", "other_area_s", "words"),
    [
        ("harmed", False, "Dana Castle"),
        ("", False, "Dana Castle"),
        ("responsible", False, "Nobody is named on this side"),
        ("harmed", True, "No referral or case with this reference is in your area"),
    ],
)
def test_who_looked_is_asked_by_a_reference(signed_in, cast, refer, other_area, side, other_area_s, words):  # noqa: F811
    referral = refer()
    if "Nobody" in words:
        type(referral)._base_manager.filter(pk=referral.pk).update(person_responsible=None)
    shown = signed_in(cast["coordinator"]).get(reverse("referrals:detail", args=[referral.pk])).content.decode()
    assert f"{spoken(referral.reference)}, person harmed" in shown
    assert str(referral.person_harmed_id) not in shown
    if other_area_s:
        type(referral)._base_manager.filter(pk=referral.pk).update(service_area=other_area)
    client = signed_in(cast["dpo"])
    query = f"person={spoken(referral.reference).lower()}&side={side}&{DAYS}"
    page = client.get(f"{reverse('operations:who-looked')}?{query}").content.decode()
    assert words in page
    assert ("Dana Castle" in page) == (words == "Dana Castle")
    assert "Grace Bellamy" not in page and "Grace" not in page
    if words == "Dana Castle":
        [row] = rows(client, made(client, query, name="operations:who-looked"))
        assert (row["Who"], row["What they did"]) == ("Dana Castle", "Opened")


def test_who_looked_is_asked_by_the_reference_of_a_case(area, cast, signed_in):
    case = CaseFactory(service_area=area)
    shown = signed_in(cast["coordinator"]).get(reverse("cases:people", args=[case.pk])).content.decode()
    assert "Number in the audit trail" not in shown
    client = signed_in(cast["dpo"])
    page = client.get(f"{reverse('operations:who-looked')}?person={spoken(case.reference)}&side=harmed&{DAYS}")
    assert page.context["person"] == case.referral.person_harmed_id


def test_a_referrer_s_own_holds_what_they_sent(signed_in, cast, refer, hub):  # noqa: F811
    client = signed_in(cast["hub_worker"])
    refer(by=cast["hub_worker"], organisation=hub)
    refer()
    [row] = rows(client, made(client, name="referrals:mine"))
    assert row["Whom it is about"] == "Grace Bellamy"


def test_nobody_else_gets_it_and_nobody_whose_role_has_ended(signed_in, cast, refer, area):  # noqa: F811
    refer()
    asker = member("coordinator", area, first_name="Ana", last_name="Field")
    client = signed_in(asker)
    run = made(client)
    page, download = (reverse(f"lists:{name}", args=[run.pk]) for name in ("file", "download"))
    for who in ("coordinator", "manager", "other_coordinator", "practitioner", "admin"):
        assert signed_in(cast[who]).get(page).status_code == 404
        assert signed_in(cast[who]).get(download).status_code == 404
    asked = ask(client)
    assert asked.status_code == 302
    asker.memberships.update(ended_on=asker.memberships.get().started_on)
    later = ExportRun.objects.latest("created_at")
    work_on(ExportRun, later.pk)
    later.refresh_from_db()
    assert later.state == "done" and later.file is None


@pytest.mark.parametrize(
    ("who", "name", "status"),
    [
        ("practitioner", "referrals:list", 404),
        ("opcc", "referrals:all", 404),
        ("coordinator", "home", 404),
        ("coordinator", "referrals:detail", 404),
        ("coordinator", "cases:mine", 404),
        ("coordinator", "notifications:list", 404),
        ("supervisor", "referrals:list", 200),
    ],
)
def test_only_a_list_that_one_may_open(signed_in, cast, who, name, status):
    assert signed_in(cast[who]).get(reverse("lists:ask-for-file", args=[name])).status_code == status


def test_one_at_a_time_and_not_too_long(signed_in, cast, refer, settings):  # noqa: F811
    client = signed_in(cast["coordinator"])
    assert ask(client).status_code == 302
    assert "is not made yet" in ask(client).content.decode()
    ExportRun.objects.update(state="done")
    settings.RJ_FILE_ROWS = 0
    refer()
    refused = ask(client)
    assert refused.status_code == 422 and "Choose filters first" in refused.content.decode()


def test_many_people_wait_for_a_second_person(signed_in, cast, refer, settings):  # noqa: F811
    settings.RJ_FILE_ROWS_ALONE = 1
    refer(), refer()
    client, manager = (
        signed_in(cast["manager"]),
        signed_in(member("service_manager", cast["manager"].memberships.get().service_area)),
    )
    run = made(client)
    assert run.waits_for_agreement and run.file is None
    page, answer = (reverse(f"lists:{name}", args=[run.pk]) for name in ("file", "answer-file"))
    assert "Take it back" in client.get(page).content.decode()
    assert client.post(answer, {"answer": "agree"}).status_code == 403
    assert signed_in(cast["coordinator"]).post(answer, {"answer": "agree"}).status_code == 403
    assert signed_in(cast["other_coordinator"]).get(page).status_code == 404
    assert "The steering group" in manager.get(page).content.decode()
    assert manager.post(answer, {"answer": "agree"}).status_code == 302
    work_on(ExportRun, run.pk)
    run.refresh_from_db()
    assert run.rows == 2 and len(rows(client, run)) == 2
    assert manager.get(reverse("lists:download", args=[run.pk])).status_code == 404
    assert DomainEvent.objects.filter(verb="lists.file_agreed", object_id=run.pk).count() == 1
    assert Notification.objects.filter(user=cast["manager"], kind="file_answered").count() == 1


def test_not_agreed_or_taken_back_is_never_made(signed_in, cast, refer, settings):  # noqa: F811
    settings.RJ_FILE_ROWS_ALONE = 0
    refer()
    client, manager = signed_in(cast["coordinator"]), signed_in(cast["manager"])
    refused = made(client)
    manager.post(reverse("lists:answer-file", args=[refused.pk]), {"answer": "refuse"})
    taken = made(client)
    assert client.post(reverse("lists:take-back-file", args=[taken.pk])).status_code == 302
    manager.post(reverse("lists:answer-file", args=[taken.pk]), {"answer": "agree"})
    for run in (refused, taken):
        work_on(ExportRun, run.pk)
        run.refresh_from_db()
        assert run.state == "done" and run.file is None
        assert "No file was made" in client.get(reverse("lists:file", args=[run.pk])).content.decode()


def test_a_file_that_is_deleted_says_so(signed_in, cast, acting):
    client = signed_in(cast["coordinator"])
    run = made(client)
    delete_file(run.file)
    assert "The file is deleted" in client.get(reverse("lists:file", args=[run.pk])).content.decode()
    assert client.get(reverse("lists:download", args=[run.pk])).status_code == 404
