"""Keep the filters of a list by a name; have a file of it made, agree to somebody's, download it."""

from functools import cached_property

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from rj_service.accounts.views import (
    SIGNED_IN,
    GuardedActionView,
    GuardedDetailView,
    GuardedFormView,
    GuardedListView,
)
from rj_service.documents.downloads import download
from rj_service.lists import actions, forms
from rj_service.lists.models import ExportRun, SavedFilters
from rj_service.lists.opening import address_of, open_list
from rj_service.ui.filters import chosen


class OfList(GuardedFormView):
    """A form about a list as its filters leave it: they stand in this address as in the list's own."""

    abstract = True
    permission = SIGNED_IN
    template_name = "ui/question.html"

    @cached_property
    def listed(self) -> GuardedListView:
        found = open_list(self.kwargs["list"], self.request.GET.urlencode(), self.request.user)
        if found is None or not self.fits(found):
            raise Http404
        return found

    def fits(self, listed: GuardedListView) -> bool:
        raise NotImplementedError

    def get(self, request, *args, **kwargs):
        self.listed  # noqa: B018 (what is not theirs is not there)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(back_url=address_of(self.listed), **kwargs)


class SaveFiltersView(OfList):
    permission = SIGNED_IN
    form_class = forms.SaveFiltersForm
    success_message = "The filters are saved"
    extra_context = {"heading": "Save these filters", "button": "Save the filters"}

    def fits(self, listed):
        return listed.filters is not None

    def get_context_data(self, **kwargs):
        return super().get_context_data(lead="; ".join(_in_words(self.listed)), **kwargs)

    def perform(self, form):
        return actions.save_filters(view=self.listed, name=form.cleaned_data["name"], by=self.request.user)

    def get_success_url(self):
        return address_of(self.listed)


class DeleteFiltersView(GuardedActionView):
    permission = SIGNED_IN
    model = SavedFilters
    success_message = "The saved filters are deleted"

    def perform(self):
        actions.delete_filters(filters=self.object, by=self.request.user)

    def get_success_url(self):
        return reverse(self.object.list)


class AskForFileView(OfList):
    """What has no file has no such page either."""

    permission = SIGNED_IN
    form_class = forms.FileForm
    extra_context = {"heading": "Make a file of this list", "button": "Make the file"}

    def fits(self, listed):
        return bool(listed.columns)

    def get_context_data(self, **kwargs):
        narrowed = "; ".join(_in_words(self.listed))
        return super().get_context_data(
            lead=f"It holds what the list shows{f', with these filters: {narrowed}' if narrowed else ''}."
            f" It is deleted after {settings.RJ_FILE_DAYS} days. Making it is recorded with your name.",
            **kwargs,
        )

    def perform(self, form):
        return actions.ask_for_file(view=self.listed, by=self.request.user, **form.cleaned_data)

    def get_success_url(self):
        return reverse("lists:file", args=[self.result.pk])


class FileView(GuardedDetailView):
    """Being made, waiting for somebody's agreement, or there to download."""

    permission = SIGNED_IN
    model = ExportRun
    template_name = "lists/file.html"

    def get_queryset(self):
        return super().get_queryset().select_related("membership__user", "answered_by", "file")

    def get_context_data(self, **kwargs):
        run, user = self.object, self.request.user
        is_own = run.membership.user_id == user.pk
        return super().get_context_data(
            run=run,
            job=run,
            heading="File of a list",
            asked_by=run.membership.user.get_short_name(),
            is_own=is_own,
            is_there=run.file is not None and run.file.deleted_at is None,
            may_answer=not is_own and user.may("lists.agree") and run.waits_for_agreement,
            days=settings.RJ_FILE_DAYS,
            **kwargs,
        )


class AnswerFileView(GuardedActionView):
    permission = "lists.agree"
    model = ExportRun

    def perform(self):
        agreed = self.request.POST.get("answer") == "agree"
        return actions.answer_file(run=self.object, agreed=agreed, by=self.request.user)

    def get_success_url(self):
        return reverse("lists:file", args=[self.object.pk])


class TakeBackFileView(GuardedActionView):
    permission = SIGNED_IN
    model = ExportRun
    success_message = "The file is not made"

    def perform(self):
        actions.take_back_file(run=self.object, by=self.request.user)

    def get_success_url(self):
        return self.object.list_url


class DownloadView(GuardedDetailView):
    """For whoever asked, in the role they asked in, as long as they may open the list."""

    permission = SIGNED_IN
    model = ExportRun

    def get_queryset(self):
        return super().get_queryset().filter(membership=self.acting.membership_id).select_related("file")

    def get(self, request, *args, **kwargs):
        run = self.object
        if open_list(run.list, run.query, request.user) is None:
            raise Http404
        day = timezone.localdate(run.finished_at) if run.finished_at else ""
        answer = download(run.file, f"{slugify(run.list.replace(':', '-'))}-{day}.{run.format}")
        self.read(run, kind="download", label=run.list)
        return answer


def _in_words(view: GuardedListView) -> list[str]:
    return [one["label"] for one in chosen(view.filters.form, view.request.GET)] if view.filters else []
