"""An archive is made when a second person agrees, for whoever asked, for some days."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from referrals.models import ComplainedAbout, Complaint, ConflictOfInterest, Person, Restriction
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.audit.models import AccessLog, DomainEvent
from rj_service.documents.actions import delete_due_files, open_file, path_of
from rj_service.jobs.leases import work_on
from rj_service.moving_out import actions, tasks  # noqa: F401 (registers the work of an Archive)
from rj_service.moving_out.models import Archive
from rj_service.notifications.models import Notification
from tests.factories import member
from tests.referrals.conftest import refer  # noqa: F401


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.FILES_DIR = tmp_path


@pytest.fixture
def asked(area, cast) -> Archive:
    with acting_as(cast["manager"]) as by:
        return actions.ask_for_archive(area=area, reason="We move to another system", by=by)


def answered(archive: Archive, by, agreed: bool = True) -> Archive:
    with acting_as(by):
        actions.answer_archive(archive=archive, agreed=agreed, by=by)
    work_on(Archive, archive.pk)
    return Archive.objects.get(pk=archive.pk)


def test_from_asking_to_the_download(asked, cast, refer, signed_in):  # noqa: F811
    referral = refer()
    assert not work_on(Archive, asked.pk), "nothing is made before somebody agrees"
    told = Notification.objects.filter(kind="archive_to_agree").values_list("user", flat=True)
    assert cast["dpo"].pk in told
    made = answered(asked, cast["dpo"])
    assert made.rows > 0 and made.file is not None
    raw = path_of(made.file.pk).read_bytes()
    assert not raw.startswith(b"PK"), "it is encrypted on the disk"
    answer = signed_in(cast["manager"]).get(reverse("moving_out:download", args=[made.pk]))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as book:
        assert b"Bellamy" in book.read("tables/referrals.person.csv")
        assert b"07700 900101" in book.read("tables/referrals.contactdetails.csv")
        assert b"phone_key" not in book.read("tables/referrals.contactdetails.csv")
    read = AccessLog.objects.filter(people__contains=[referral.person_harmed_id], object_id=made.pk)
    assert {one.kind for one in read} == {"export", "download"}
    assert {one.verb for one in DomainEvent.objects.about(made)} == {
        "moving_out.asked",
        "moving_out.agreed",
        "moving_out.made",
    }


@pytest.mark.django_db(transaction=True)
def test_it_is_of_one_moment_whatever_is_changed_while_it_is_made(asked, cast, refer, owner_cursor):  # noqa: F811
    person = refer().person_harmed_id
    asked_for = []

    def change_meanwhile(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if 'FROM "accounts_localarea"' in sql and not asked_for:
            asked_for.append(sql)
            owner_cursor.execute("update referrals_person set last_name = 'Later' where id = %s", [str(person)])
        return answer

    with connection.execute_wrapper(change_meanwhile):
        made = answered(asked, cast["dpo"])
    assert asked_for and made.file is not None
    with open_file(made.file) as stream, zipfile.ZipFile(io.BytesIO(stream.read())) as book:
        people = book.read("tables/referrals.person.csv")
    assert b"Bellamy" in people and b"Later" not in people


def test_nobody_agrees_to_their_own(asked, cast, area):
    with acting_as(cast["manager"]) as by, pytest.raises(NotAllowed):
        actions.answer_archive(archive=asked, agreed=True, by=by)
    with acting_as(cast["coordinator"]) as by, pytest.raises(NotAllowed):
        actions.answer_archive(archive=asked, agreed=True, by=by)
    second = member("service_manager", area, first_name="Una", last_name="Vale")
    assert answered(asked, second).file is not None


def test_one_who_does_not_agree_ends_it(asked, cast):
    made = answered(asked, cast["dpo"], agreed=False)
    assert made.state == "done" and made.file is None


def test_it_is_not_made_for_somebody_whose_role_has_ended(asked, cast):
    cast["manager"].memberships.update(ended_on=timezone.localdate() - timedelta(days=1))
    assert answered(asked, cast["dpo"]).file is None


def shut_out_by_a_conflict(referral, user, by) -> None:
    ConflictOfInterest(service_area=referral.service_area, user=user, referral=referral, declared_by=by).save()


def shut_out_by_a_restriction(referral, user, by) -> None:
    Restriction(referral=referral, reason="A colleague’s family", restricted_by=by).save()


def shut_out_by_a_complaint(referral, user, by) -> None:
    today = timezone.localdate()
    days = dict.fromkeys(["received_on", "acknowledge_by", "due_on"], today)
    complaint = Complaint(
        service_area=referral.service_area, made_by="harmed", about="worker", words="Late", recorded_by=by, **days
    )
    complaint.save()
    ComplainedAbout(complaint=complaint, worker=user, named_by=by).save()


@pytest.mark.parametrize("shut_out", [shut_out_by_a_conflict, shut_out_by_a_restriction, shut_out_by_a_complaint])
def test_nobody_who_is_shut_out_of_anything_gets_everything(asked, cast, refer, signed_in, shut_out):  # noqa: F811
    made = answered(asked, cast["dpo"])
    download = reverse("moving_out:download", args=[made.pk])
    assert signed_in(cast["manager"]).get(download).status_code == 200
    shut_out(refer(), cast["manager"], cast["coordinator"])
    assert signed_in(cast["manager"]).get(download).status_code == 404
    with acting_as(cast["manager"]) as by:
        again = actions.ask_for_archive(area=asked.service_area, reason="Once more", by=by)
    with acting_as(cast["dpo"]) as by, pytest.raises(DomainError, match="may not read everything"):
        actions.answer_archive(archive=again, agreed=True, by=by)
    with acting_as(cast["dpo"]) as by:
        actions.answer_archive(archive=again, agreed=False, by=by)


def test_somebody_shut_out_after_the_agreement_gets_none(asked, cast, refer):  # noqa: F811
    with acting_as(cast["dpo"]) as by:
        actions.answer_archive(archive=asked, agreed=True, by=by)
    shut_out_by_a_conflict(refer(), cast["manager"], cast["coordinator"])
    work_on(Archive, asked.pk)
    assert Archive.objects.get(pk=asked.pk).file is None


def test_nobody_else_downloads_it_and_time_deletes_it(asked, cast, area, signed_in, settings):
    made = answered(asked, cast["dpo"])
    download = reverse("moving_out:download", args=[made.pk])
    second = member("service_manager", area, first_name="Una", last_name="Vale")
    assert signed_in(second).get(download).status_code == 404
    assert signed_in(cast["dpo"]).get(download).status_code == 403
    assert signed_in(cast["manager"]).get(download).status_code == 200
    delete_due_files(now=timezone.now() + timedelta(days=settings.RJ_ARCHIVE_DAYS, minutes=1))
    assert signed_in(cast["manager"]).get(download).status_code == 404


def test_it_holds_nobody_of_another_area(asked, cast, other_area, signed_in):
    abroad = Person(service_area=other_area, first_name="Abroad", last_name="Elsewhere")
    abroad.save(force_insert=True)
    made = answered(asked, cast["dpo"])
    answer = signed_in(cast["manager"]).get(reverse("moving_out:download", args=[made.pk]))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as book:
        assert b"Elsewhere" not in book.read("tables/referrals.person.csv")
