"""Every personal field holds a canary; what is kept about acts, sent out or written to disk holds none."""

import io
import zipfile
from email import policy
from email.parser import BytesParser

from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection, models
from django.urls import reverse
from django_scopes import scopes_disabled

from cases.models import Case
from referrals.models import RequestMail
from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import AccountMail
from rj_service.audit.fields import EncryptedText
from rj_service.documents.actions import path_of
from rj_service.documents.models import StoredFile
from rj_service.jobs.leases import work_on
from rj_service.notifications.actions import notify
from rj_service.notifications.kinds import SENTENCES
from rj_service.notifications.models import Notification
from tests.access.canaries import classified_models, personal_fields
from tests.access.table import text_of


def test_every_personal_field_holds_a_canary_and_nothing_else_does(world):
    """So nothing personal has leaked into the trail, the queue, a notification, a history's context or a session."""
    tokens = world.canaries
    with scopes_disabled():
        planted = {
            f"{model.__name__}.{name}"
            for model, names in personal_fields().items()
            for name in names
            if any(tokens.within(str(value)) for value in model._base_manager.values_list(name, flat=True))
        }
        wanted = {f"{model.__name__}.{name}" for model, names in personal_fields().items() for name in names}
        assert wanted - planted == set(), "personal fields that the world leaves empty"
        leaked = {
            f"{model.__name__}.{name}": found
            for model in classified_models()
            for name in model.classified.neither.split()
            if not isinstance(model._meta.get_field(name), models.ForeignKey)
            for value in model._base_manager.values_list(name, flat=True).distinct()
            if (found := tokens.astray(str(value), ["* id"]))
        }
    assert leaked == {}


def test_what_is_encrypted_is_so_in_its_column(world):
    for model, names in personal_fields().items():
        for name in names:
            if isinstance(model._meta.get_field(name), EncryptedText):
                with connection.cursor() as cursor:
                    cursor.execute(f'select "{name}" from "{model._meta.db_table}" where "{name}" is not null')
                    stored = b"".join(bytes(value) for (value,) in cursor.fetchall())
                assert stored, f"{model.__name__}.{name}"
                assert not world.canaries.within(stored.decode("latin-1")), f"{model.__name__}.{name}"


def test_no_file_on_disk_names_anybody(world):
    assert StoredFile.objects.filter(deleted_at__isnull=True).exists()
    for file in StoredFile.objects.filter(deleted_at__isnull=True):  # sealed, whatever it is inside
        raw = path_of(file.pk).read_bytes()
        assert world.canaries.within(raw.decode("latin-1")) == set(), file.kind


def test_no_mail_says_more_than_that_there_is_an_update(world):
    """Every kind of notification and of account mail, and what agencies get: body, subject, every header but its own
    address."""
    cast = world.cast
    with acting_as(cast["coordinator"]) as by:
        case = Case.objects.get(pk=world.ids["case"])
        for kind in SENTENCES:
            notify([cast["lead"], cast["hub_worker"]], kind, on=case)
    rows = [*Notification.objects.filter(state="queued"), *RequestMail._base_manager.all()]
    for kind in AccountMail.Kind:
        invitation = world.ids["staff_invitation"] if kind == AccountMail.Kind.INVITATION else None
        rows.append(AccountMail.objects.enqueue(kind=kind, user=None if invitation else by, invitation_id=invitation))
    for row in rows:
        assert work_on(type(row), row.pk)
    assert len(mail.outbox) == len(rows)
    for message in mail.outbox:
        sent = BytesParser(policy=policy.default).parsebytes(message.message().as_bytes())
        headers = "\n".join(f"{name}: {value}" for name, value in sent.items() if name != "To")
        assert world.canaries.within(headers + sent.get_body().get_content()) == set(), message.subject
        assert len(message.to) == 1 and not (message.cc or message.bcc)


def test_no_cookie_names_anybody_and_a_session_nobody_of_casework(world, signed_in):
    """What a page says once, a learner's name for one, waits in the database for the next page: never on a shared computer."""
    client = signed_in(world.cast["training_lead"])
    drop_out = reverse("training:drop-out", args=[world.ids["enrolment"]])
    assert client.post(drop_out, {"reason": "Moved away"}).status_code == 302
    kept = " ".join(str(session.get_decoded()) for session in Session.objects.all())
    assert "_messages" in kept
    assert world.canaries.within(str(client.cookies)) == set()
    assert world.canaries.astray(kept, ["learner *", "account *"]) == []


def test_text_of_reads_inside_files():
    """The reader of files can see what it looks for."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as inside:
        inside.writestr("xl/sheet.xml", "zq00000000")
    assert "zq00000000" in text_of(
        archive.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
