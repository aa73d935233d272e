"""A person's own page: who their worker is; pause, stop, change how they are reached, complain.

Until the answer is right the pages say nothing: no name, no service, no word of what it is about. After it they still say
nothing of anybody else. Everything works without script.
"""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView
from django.views.generic.base import View

from cases import actions
from cases.forms.own_page import AnswerForm, OwnComplaintForm, PlainForm, ReachForm
from referrals import actions as referrals
from referrals.choices import LinkQuestion
from referrals.models import Complaint, SafeContact
from rj_service.accounts.acting import system_user
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.accounts.sent_forms import sent_once
from rj_service.audit.actions import record_access

LINK, OPEN, DONE = "own_page", "own_page_open", "own_page_done"
AWAY = "https://www.bbc.co.uk/weather"
SAID = {
    "paused": "Nobody contacts you from now on. Come back here when that changes.",
    "again": "We may contact you again, in the ways that were safe before.",
    "stricter": "We no longer use the ways that you took away.",
    "waits": "We ask you first whether it was you, in a way that we know. Until then nothing else changes.",
    "complained": "We have your complaint. Your worker does not decide it.",
}
ASKS = {
    LinkQuestion.WORD: ("What word did we agree on?", "Capitals do not matter"),
    LinkQuestion.YEAR: ("What year were you born?", "For example, 1984"),
}


class OwnLinkView(View):
    """Exchanges the secret of the address for the link's id in the session at once. One that has ended leads on as well,
    and is told so there: an error's line in a log would name the address."""

    http_method_names = ["get", "head"]

    def get(self, request, token: str) -> HttpResponse:
        forget(request)
        try:
            request.session[LINK] = referrals.own_link_by_secret(token)
        except StaleState:
            pass
        _end_soon(request)
        response = HttpResponseRedirect(reverse("cases:own-page"))
        response["Referrer-Policy"] = "no-referrer"  # the secret goes nowhere from here
        return response


@method_decorator(sensitive_post_parameters(), name="dispatch")
class OfOwnPage(View):
    """One request through a link that still works, in one transaction, as the public user."""

    http_method_names = ["get", "post", "head", "options"]
    request: Any
    link: Any

    def dispatch(self, request, *args, **kwargs) -> HttpResponseBase:
        try:
            with referrals.through_own_link(request.session.get(LINK)) as self.link:
                response = self.turned_away() or super().dispatch(request, *args, **kwargs)
                if hasattr(response, "render"):
                    response.render()
                return response
        except StaleState:
            forget(request)
            context = {"public_phone": settings.RJ_PUBLIC_PHONE}
            return render(request, "own_page/ended.html", context, status=410)

    @property
    def is_open(self) -> bool:
        return self.request.session.get(OPEN) == str(self.link.pk)

    def turned_away(self) -> HttpResponse | None:
        return None if self.is_open else HttpResponseRedirect(reverse("cases:own-page"))

    @cached_property
    def public(self) -> User:
        return system_user("public")

    @cached_property
    def worker(self) -> User | None:
        return actions.worker_of(self.link)

    @property
    def worker_name(self) -> str:
        return self.worker.first_name if self.worker else ""

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(  # type: ignore[misc]
            **{
                "public_phone": settings.RJ_PUBLIC_PHONE,
                "exit_url": reverse("cases:own-page-leave"),
                "back_url": reverse("cases:own-page"),
                "worker_name": self.worker_name if self.is_open else "",
                "is_paused": self.is_open and self.link.person.paused_at is not None,
                **kwargs,
            }
        )

    def looked(self) -> None:
        page = self.request.resolver_match.view_name
        record_access("view", by=self.public, on=self.link.referral, page=page, people=[self.link.person_id])


class OwnForm(OfOwnPage, FormView):
    """Valid words become one act; then back to the first page, which says what was done (`done`)."""

    done = ""

    def act(self, form) -> str:
        raise NotImplementedError

    def get(self, request, *args, **kwargs):
        self.looked()
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        return sent_once(request, self.link.pk, lambda: super(OwnForm, self).post(request, *args, **kwargs))

    def form_valid(self, form) -> HttpResponse:
        try:
            with transaction.atomic():
                self.request.session[DONE] = self.act(form)
        except StaleState:
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            return self.form_invalid(form)
        return HttpResponseRedirect(self.get_success_url())

    def get_success_url(self) -> str:
        return reverse("cases:own-page")

    def form_invalid(self, form) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class OwnPageView(OfOwnPage, FormView):
    """Asks first. Once answered: what one can do here, and what became of what one did."""

    form_class = AnswerForm

    def turned_away(self) -> None:
        return None

    def get_template_names(self) -> list[str]:
        return ["own_page/page.html" if self.is_open else "own_page/first.html"]

    def get_form_kwargs(self) -> dict[str, Any]:
        question, hint = ASKS[LinkQuestion(self.link.question)]
        return super().get_form_kwargs() | {"question": question, "hint": hint}

    def get(self, request, *args, **kwargs):
        if self.is_open:
            self.looked()
        return super().get(request, *args, **kwargs)

    def form_valid(self, form) -> HttpResponse:
        if not referrals.answer_own_link(link=self.link, answer=form.cleaned_data["answer"], by=self.public):
            form.add_error("answer", "That is not the answer. After a few tries this page closes")
            return self.form_invalid(form)
        if not self.request.user.is_authenticated:
            self.request.session.cycle_key()
        self.request.session[OPEN] = str(self.link.pk)
        _end_soon(self.request)
        return HttpResponseRedirect(reverse("cases:own-page"))

    def form_invalid(self, form) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        if not self.is_open:
            return super().get_context_data(**{"back_url": "", **kwargs})
        codes = self.request.session.pop(DONE, "")
        own = Complaint.objects.filter(person=self.link.person_id, referral=self.link.referral_id)
        return super().get_context_data(
            **{
                "back_url": "",
                "said": [SAID[code] for code in codes.split() if code in SAID],
                "complaints": own.order_by("-received_on", "-id")[:5],
                **kwargs,
            }
        )


class PauseView(OwnForm):
    form_class = PlainForm
    template_name = "own_page/pause.html"

    def act(self, form) -> str:
        if self.request.POST.get("again"):
            referrals.end_pause(link=self.link, by=self.public)
            return "again"
        referrals.pause_by_link(link=self.link, by=self.public)
        return "paused"


class StopView(OwnForm):
    form_class = PlainForm
    template_name = "own_page/stop.html"

    def act(self, form) -> str:
        actions.stop_by_link(link=self.link, by=self.public, today=timezone.localdate())
        return ""

    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        if response.status_code == 302:
            forget(self.request)
        return response

    def get_success_url(self) -> str:
        return reverse("cases:own-page-stopped")


class ReachView(OwnForm):
    form_class = ReachForm
    template_name = "own_page/reach.html"

    def get_initial(self) -> dict[str, Any]:
        safe = SafeContact.objects.filter(person=self.link.person_id).first()
        return {name: getattr(safe, name, False) for name in ReachForm.base_fields if name.startswith("may_")}

    def act(self, form) -> str:
        before = self.get_initial()
        waits = referrals.ask_to_be_reached(link=self.link, by=self.public, **form.given)
        stricter = any(before[name] and not form.cleaned_data[name] for name in before)
        return " ".join(code for code, so in (("stricter", stricter), ("waits", waits)) if so)


class ComplainView(OwnForm):
    form_class = OwnComplaintForm
    template_name = "own_page/complaint.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"worker_name": self.worker_name}

    def act(self, form) -> str:
        data = form.cleaned_data
        is_worker = data.pop("is_worker", False) and self.worker
        workers = [self.worker] if is_worker else []
        today = timezone.localdate()
        referrals.complain_by_link(link=self.link, workers=workers, by=self.public, today=today, **data)
        return "complained"


class StoppedView(TemplateView):
    http_method_names = ["get", "head"]
    template_name = "own_page/stopped.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(public_phone=settings.RJ_PUBLIC_PHONE, **kwargs)


class LeaveView(View):
    """The exit: an ordinary link, for it works without script."""

    http_method_names = ["get", "head"]

    def get(self, request) -> HttpResponse:
        forget(request)
        response = HttpResponseRedirect(AWAY)
        response["Referrer-Policy"] = "no-referrer"
        response.delete_cookie(settings.CSRF_COOKIE_NAME)
        return response


def forget(request) -> None:
    """Ends the session of a visitor; a colleague who helps somebody stays signed in."""
    if not request.user.is_authenticated:
        request.session.flush()
        return
    for name in (LINK, OPEN, DONE):
        request.session.pop(name, None)


def _end_soon(request) -> None:
    if not request.user.is_authenticated:
        request.session.set_expiry(settings.RJ_OWN_LINK_MINUTES * 60)
