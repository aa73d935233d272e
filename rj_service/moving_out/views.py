"""Ask for an archive of the area, agree to somebody's, download one's own."""

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.models import ServiceArea
from rj_service.accounts.views import (
    GuardedActionView,
    GuardedDetailView,
    GuardedFormView,
    GuardedListView,
    GuardedView,
)
from rj_service.documents.downloads import download
from rj_service.moving_out import actions
from rj_service.moving_out.forms import ArchiveForm
from rj_service.moving_out.models import Archive
from rj_service.moving_out.policy import may_read_everything


class AboutArchives(GuardedView):
    abstract = True
    permission = "moving_out.ask"

    @classmethod
    def opened_by(cls) -> frozenset[str]:
        return frozenset(["moving_out.ask", "moving_out.agree"])


class ArchivesView(AboutArchives, GuardedListView):
    permission = "moving_out.ask"
    model = Archive
    template_name = "moving_out/archives.html"
    heading = "Move out"
    empty = "No archive has been asked for yet."
    order = ("-created_at", "-id")
    order_words = "newest first"
    no_file = "Each of them is a file, and says itself what is in it"

    def show(self, rows):
        return rows.select_related("membership__user", "service_area", "file")

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_ask=self.request.user.may("moving_out.ask"), **kwargs)


class AskForArchiveView(GuardedFormView):
    permission = "moving_out.ask"
    form_class = ArchiveForm
    template_name = "ui/question.html"
    extra_context = {"heading": "Ask for an archive of this area", "button": "Ask for the archive"}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            back_url=reverse("moving_out:archives"),
            lead="It holds everything that the area keeps, about everybody. Another manager or the data protection officer"
            f" must agree. It is deleted {settings.RJ_ARCHIVE_DAYS} days after it was made.",
            **kwargs,
        )

    def perform(self, form):
        area = ServiceArea.objects.get(pk=self.acting.service_area_id)
        return actions.ask_for_archive(area=area, reason=form.cleaned_data["reason"], by=self.request.user)

    def get_success_url(self):
        return reverse("moving_out:archive", args=[self.result.pk])


class ArchiveView(AboutArchives, GuardedDetailView):
    permission = "moving_out.ask"
    model = Archive
    template_name = "moving_out/archive.html"

    def get_queryset(self):
        return super().get_queryset().select_related("membership__user", "answered_by", "file", "service_area")

    def get_context_data(self, **kwargs):
        archive, user = self.object, self.request.user
        is_own = archive.membership.user_id == user.pk
        return super().get_context_data(
            job=archive,
            archive=archive,
            heading=f"Archive of {archive.service_area.name}",
            asked_by=archive.membership.user.get_short_name(),
            is_own=is_own,
            back_url=reverse("moving_out:archives"),
            is_there=archive.file is not None and archive.file.deleted_at is None,
            may_answer=not is_own and user.may("moving_out.agree") and archive.waits_for_agreement,
            days=settings.RJ_ARCHIVE_DAYS,
            **kwargs,
        )


class AnswerArchiveView(GuardedActionView):
    permission = "moving_out.agree"
    model = Archive

    def perform(self):
        agreed = self.request.POST.get("answer") == "agree"
        return actions.answer_archive(archive=self.object, agreed=agreed, by=self.request.user)

    def get_success_url(self):
        return reverse("moving_out:archive", args=[self.object.pk])


class TakeBackArchiveView(GuardedActionView):
    permission = "moving_out.ask"
    model = Archive
    success_message = "The archive is not made"

    def get_queryset(self):
        return super().get_queryset().filter(membership=self.acting.membership_id)

    def perform(self):
        actions.take_back_archive(archive=self.object, by=self.request.user)

    def get_success_url(self):
        return reverse("moving_out:archives")


class DownloadArchiveView(GuardedDetailView):
    """For whoever asked, in the role they asked in."""

    permission = "moving_out.ask"
    model = Archive

    def get_queryset(self):
        return (
            super().get_queryset().filter(membership=self.acting.membership_id).select_related("file", "service_area")
        )

    def get(self, request, *args, **kwargs):
        archive = self.object
        if not may_read_everything(request.user, archive.service_area_id):
            raise Http404
        day = timezone.localdate(archive.finished_at) if archive.finished_at else ""
        answer = download(archive.file, f"{archive.service_area.slug}-{day}.zip")
        actions.log_reading(archive, request.user, "download")
        return answer
