"""Files of a case: a list by side, one more, the file itself, away with one."""

from typing import Any

from django.db.models import QuerySet

from cases import actions, policy
from cases.forms import DocumentForm, RemoveDocumentForm
from cases.models import CaseDocument
from cases.views.case_page import CaseConfirm, CaseForm, CasePage, OfCase
from rj_service.documents.downloads import download
from rj_service.documents.uploads import MOST_BYTES
from rj_service.ui.paging import keyset
from rj_service.ui.templatetags.ui import day


class OfDocuments(OfCase):
    abstract = True

    @property
    def documents(self) -> QuerySet[CaseDocument]:
        seen = CaseDocument.objects.visible_to(self.request.user).there().filter(case=self.case)
        return seen.select_related("file", "added_by")

    def people_shown(self):
        """Whoever stands on the sides whose files are named."""
        return [one.person_id for one in self.people]


class DocumentsView(OfDocuments, CasePage):
    practitioners_by = "cases.view_assigned"
    template_name = "cases/documents.html"
    part = "documents"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        page = keyset(self.documents, order=("-added_at", "-id"), after=self.request.GET.get("after"))
        for one in page.rows:
            one.may_go = policy.can_remove_document(self.request.user, self.case, one)
        may_add = any(policy.can_log_contact(self.request.user, self.case, side, self.today) for side in self.sides)
        return super().get_context_data(page=page, may_add=may_add, **kwargs)


class AddDocumentView(OfDocuments, CaseForm):
    permission = "cases.log_contact"
    form_class = DocumentForm
    heading = "Add a document"
    button = "Add it"
    success_message = "The document is there."

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"sides": self.sides}

    def perform(self, form):
        given = dict(form.cleaned_data)
        content = given.pop("file").read(MOST_BYTES + 1)
        return actions.keep_document(case=self.case, content=content, by=self.request.user, today=self.today, **given)

    def get_back_url(self) -> str:
        return self.case_url("documents")


class DocumentFileView(OfDocuments, CasePage):
    practitioners_by = "cases.view_assigned"

    def get(self, request, *args, **kwargs):
        kept = self.child(self.documents, "document")
        answer = download(kept.file, f"case-{self.case.reference}-{kept.kind}")
        self.read(self.case, kind="download", people=self.people_shown())
        return answer


class RemoveDocumentView(OfDocuments, CaseConfirm):
    permission = "cases.log_contact"
    form_class = RemoveDocumentForm
    heading = "Remove this document"
    button = "Remove it"
    success_message = "The document is removed."

    @property
    def document(self) -> CaseDocument:
        return self.child(self.documents, "document")

    def check_permission(self) -> None:
        super().check_permission()
        self.document  # noqa: B018 (what is not theirs is not there)

    def perform(self, form):
        return actions.remove_document(
            document=self.document, reason=form.cleaned_data["reason"], by=self.request.user, today=self.today
        )

    def get_facts(self) -> list[dict[str, Any]]:
        kept = self.document
        return [
            {"label": "What", "value": f"{kept.get_kind_display()}: {kept.words}"},
            {"label": "Added", "value": f"{day(kept.added_at)}, {kept.added_by.get_full_name()}"},
        ]

    def get_consequences(self) -> list[str]:
        return [
            "The file is deleted for good. Nobody can bring it back.",
            "That it was there, who removed it and why stay in the record.",
        ]

    def get_back_url(self) -> str:
        return self.case_url("documents")
