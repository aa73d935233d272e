"""A list with a box to find somebody by name in it: the words are posted and kept, and the list goes on under their number."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect

from rj_service.accounts.errors import DomainError
from rj_service.accounts.kept_forms import take
from rj_service.accounts.views import GuardedListView
from rj_service.lists.forms import FindForm
from rj_service.lists.models import Search
from rj_service.lists.searching import keep_search, kept_search, named

FORGOTTEN = "The name that was searched for is forgotten after a day. This is the whole list."
NOBODY = "Nobody here has this name. Try a part of it, or another spelling."


class FoundByName(GuardedListView):
    """Its `filter_class` is a `ui.filters.NamedFilter`; `person_of` is the way from a row to the person, as "learner__"."""

    abstract = True
    gives_words_back = True
    person_of = ""

    @cached_property
    def asked_for(self) -> str:
        form = self.filters.form
        form.is_valid()
        return str(getattr(form, "cleaned_data", {}).get("named") or "")

    @cached_property
    def search(self) -> Search | None:
        return kept_search(self.asked_for, self.request.user)

    def searched(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return named(rows, self.search.words, of=self.person_of) if self.search else rows

    def log_list(self, rows, *, people, kind):
        super().log_list(rows, people=people, kind="search" if self.search and kind == "list" else kind)

    def post(self, request, *args, **kwargs) -> HttpResponse:
        form = FindForm(request.POST)
        if form.is_valid():
            try:
                kept = keep_search(words=form.cleaned_data["words"], by=request.user)
            except DomainError as error:
                form.add_error("words", str(error))
            else:
                asked = request.GET.copy()
                asked.pop("after", None)
                asked["named"] = str(kept.pk)
                return HttpResponseRedirect(f"{request.path}?{asked.urlencode()}")
        return self.render_to_response(self.get_context_data(find_form=form, form=form), status=422)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        kept = take(self.request)
        given = {"initial": {"words": kept.get("words", "")}} if kept else {}
        context = super().get_context_data(**{"find_form": FindForm(**given), **kwargs})
        if self.search is not None:
            rest = self.request.GET.copy()
            for name in ("named", "after"):
                rest.pop(name, None)
            tag = {"label": f"Name: {self.search.words}", "url": f"?{rest.urlencode()}"}
            context |= {"chosen": [tag, *context["chosen"]], "clear_url": self.request.path}
            if not context["rows"]:
                context |= {"empty": NOBODY, "thing": ""}
        elif self.asked_for:
            context["forgotten"] = FORGOTTEN
        return context
