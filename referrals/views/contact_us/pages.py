"""The pages: start, one question after the other, check, sent; leaving at any moment. Titles and addresses say nothing."""

import uuid
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core import signing
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import decorator_from_middleware, method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.generic import TemplateView
from django.views.generic.base import View

from referrals.actions import (
    TooManyTries,
    count_try,
    forget_answers,
    keep_answer,
    kept_for,
    send_self_referral,
    unsent_answers,
)
from referrals.models import PublicTry
from referrals.views.contact_us.own_part import OF_WHOEVER_IS_RESPONSIBLE
from referrals.views.contact_us.questions import OF_WHOEVER_WAS_HARMED, Asks, area_of
from rj_service.accounts.errors import StaleState
from rj_service.ui.references import spoken
from rj_service.ui.steps import Progress, Step, typed

KEY, REFERENCE = OF_WHOEVER_WAS_HARMED.key, "sent_reference"
KEYS = (KEY, OF_WHOEVER_IS_RESPONSIBLE.key)
AWAY = "https://www.bbc.co.uk/weather"
STAMP = signing.TimestampSigner(salt="referrals.contact_us")
TRAP = "website"  # a box that people do not see and programs fill in
READ_AGAIN = "Look at this page once more, then press the button again. Nothing you typed is lost."


class PublicPage(TemplateView):
    """For reading. No cookie is set here."""

    http_method_names = ["get", "head", "options"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "public_phone": settings.RJ_PUBLIC_PHONE,
            "exit_url": reverse("contact-us-leave"),
        }


class _ByToken(CsrfViewMiddleware):
    """Under `no-referrer` a browser says neither an origin nor a page that it comes from. The token is asked for all the
    same, and the cookie beside it is sent along by no other site's page."""

    def _origin_verified(self, request: HttpRequest) -> bool:
        return request.META["HTTP_ORIGIN"] == "null" or super()._origin_verified(request)

    def _check_referer(self, request: HttpRequest) -> None:
        if "HTTP_REFERER" in request.META:
            super()._check_referer(request)


@method_decorator([csrf_exempt, decorator_from_middleware(_ByToken), sensitive_post_parameters()], name="dispatch")
class FormPage(View):
    """What the question pages and the check page share: the answers of this session, and how programs are slowed."""

    http_method_names = ["get", "post", "head", "options"]
    template_name = ""
    asks: Asks = OF_WHOEVER_WAS_HARMED

    @cached_property
    def key(self) -> uuid.UUID | None:
        kept = self.request.session.get(self.asks.key)
        return uuid.UUID(kept) if kept else None

    @cached_property
    def progress(self) -> Progress:
        return self.asks.steps.read(unsent_answers(self.key) or {})

    @property
    def is_over(self) -> bool:
        """They had begun, and nothing is kept any more: sent in another window, or half an hour without a word."""
        had_begun = self.key is not None or self.kwargs.get("step") != self.asks.steps[0].key
        return had_begun and not self.progress.cleaned

    def over(self) -> HttpResponse:
        _forget(self.request)
        context = {"minutes": settings.RJ_UNSENT_MINUTES, "exit_url": reverse("contact-us-leave")}
        context["begin_url"] = self.address(self.asks.steps[0])
        return render(self.request, "contact_us/over.html", context, status=410)

    def too_many(self, refused: TooManyTries) -> HttpResponse:
        context = {"again_at": refused.again_at, "public_phone": settings.RJ_PUBLIC_PHONE}
        context |= {"minutes": settings.RJ_UNSENT_MINUTES, "exit_url": reverse("contact-us-leave")}
        return render(self.request, "contact_us/too_many.html", context, status=429)

    def elsewhere(self) -> HttpResponse:
        """Another service's: nothing stays here."""
        forget_answers(self.key)
        _forget(self.request)
        return HttpResponseRedirect(reverse("contact-us-elsewhere"))

    def address(self, step: Step | None) -> str:
        """Of a question; without one, of the check page."""
        route = self.asks.route
        return reverse(f"{route}-question", args=[step.key]) if step else reverse(f"{route}-check")

    def looks_like_a_program(self, *, fastest: int) -> bool:
        """Sent without being shown, faster than it can be read or long after, or with the box filled that nobody sees."""
        try:
            STAMP.unsign(self.request.POST.get("shown", ""), max_age=kept_for())
        except signing.BadSignature:
            return True
        return bool(self.request.POST.get(TRAP)) or (fastest > 0 and self.shown_less_than(fastest))

    def shown_less_than(self, seconds: int) -> bool:
        try:
            STAMP.unsign(self.request.POST.get("shown", ""), max_age=seconds)
        except signing.SignatureExpired:
            return False
        return True

    def page(self, status: int = 200, **context: Any) -> HttpResponse:
        context |= {"shown": STAMP.sign(""), "exit_url": reverse("contact-us-leave")}
        return render(self.request, self.template_name, context, status=status)


class QuestionView(FormPage):
    template_name = "contact_us/question.html"

    @property
    def step(self) -> Step:
        found = next((step for step in self.asks.steps if step.key == self.kwargs["step"]), None)
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, step: str) -> HttpResponse:
        asked = self.step
        if self.is_over:
            return self.over()
        if self.progress.step(step) is None:
            return HttpResponseRedirect(self.address(self.progress.current))
        return self.question(self.progress.form(asked))

    @sensitive_variables()
    def post(self, request: HttpRequest, step: str) -> HttpResponse:
        asked = self.step
        if self.is_over:
            return self.over()
        if self.progress.step(step) is None:
            return HttpResponseRedirect(self.address(self.progress.current))
        form = self.progress.form(asked, request.POST)
        valid = form.is_valid()
        if self.looks_like_a_program(fastest=0):
            form.add_error(None, READ_AGAIN)
            valid = False
        if not valid:
            return self.question(form, status=422)
        if self.key is None:
            try:
                count_try(PublicTry.Kind.BEGIN, network_of(request))
            except TooManyTries as refused:
                return self.too_many(refused)
        return self.keep(asked, form)

    def keep(self, asked: Step, form: Form) -> HttpResponse:
        was_complete = self.progress.is_complete
        key = keep_answer(self.key, asked.key, typed(form))
        self.request.session[self.asks.key] = str(key)
        if not self.request.user.is_authenticated:
            self.request.session.set_expiry(kept_for())
        progress = self.asks.steps.read(unsent_answers(key) or {})
        if _is_elsewhere(progress):
            return self.elsewhere()
        following = progress.current if was_complete else progress.after(asked)
        return HttpResponseRedirect(self.address(following))

    def question(self, form: Form, status: int = 200) -> HttpResponse:
        asked = self.step
        numbered_keys = self.asks.numbered
        number = numbered_keys.index(asked.key) + 1 if asked.key in numbered_keys else None
        before = self.progress.before(asked)
        heading, lead = self.asks.headings.get(asked.key, ("", ""))
        numbered = f"question {number} of {len(numbered_keys)}" if number else "one more question"
        return self.page(
            status=status,
            form=form,
            heading=heading,
            lead=lead,
            caption=numbered.capitalize(),
            neutral_title=f"Contact us: {numbered}",
            back_url=self.address(before) if before else reverse(self.asks.start),
        )


class CheckView(FormPage):
    template_name = "contact_us/check.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.turned_away() or self.check()

    @sensitive_variables()
    def post(self, request: HttpRequest) -> HttpResponse:
        refused = self.turned_away()
        if refused:
            return refused
        if self.looks_like_a_program(fastest=settings.RJ_PUBLIC_FASTEST_SECONDS):
            return self.check(status=422, problem=READ_AGAIN)
        area = area_of(self.progress.cleaned)
        if area is None:
            return self.elsewhere()
        today = timezone.localdate()
        try:
            count_try(PublicTry.Kind.SEND, network_of(request))
            referral = send_self_referral(
                key=self.key,
                area=area,
                new=self.asks.make(self.progress.cleaned, today=today),
                acknowledge=bool(self.progress.cleaned["reach"].get("acknowledge")),
                today=today,
            )
        except TooManyTries as too_many:
            return self.too_many(too_many)
        except StaleState:
            return self.over()
        del request.session[self.asks.key]
        request.session[REFERENCE] = referral.reference
        return HttpResponseRedirect(reverse(f"{self.asks.route}-sent"))

    def turned_away(self) -> HttpResponse | None:
        if self.is_over:
            return self.over()
        if not self.progress.is_complete:
            return HttpResponseRedirect(self.address(self.progress.current))
        return None

    def check(self, status: int = 200, problem: str = "") -> HttpResponse:
        return self.page(
            status=status,
            sections=self.progress.sections(self.address),
            problem=problem,
            neutral_title=f"{'Error: ' if problem else ''}Contact us: check your answers",
            back_url=self.address(self.progress.asked[-1]),
            button="Send",
        )


class SentView(PublicPage):
    """The reference, on this screen only and once."""

    template_name = "contact_us/sent.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reference = spoken(request.session.get(REFERENCE, ""))
        response = self.render_to_response(self.get_context_data(reference=reference))
        _forget(request)
        response.delete_cookie(settings.CSRF_COOKIE_NAME)
        return response


class LeaveView(View):
    """The exit: nothing stays here, and the browser is somewhere else. An ordinary link, for it works without script."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        for kept in filter(None, map(request.session.get, KEYS)):
            forget_answers(uuid.UUID(kept))
        _forget(request)
        response = HttpResponseRedirect(AWAY)
        response.delete_cookie(settings.CSRF_COOKIE_NAME)
        return response


def network_of(request: HttpRequest) -> str:
    """Where a request came from, seen through as many proxies as this service stands behind (RJ_PROXIES)."""
    passed = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if 0 < settings.RJ_PROXIES <= len(passed):
        return passed[-settings.RJ_PROXIES]
    return request.META.get("REMOTE_ADDR", "")


def _forget(request: HttpRequest) -> None:
    """Ends the session of a visitor; a colleague who helps somebody stays signed in."""
    if not request.user.is_authenticated:
        request.session.flush()
        return
    for name in (*KEYS, REFERENCE):
        request.session.pop(name, None)


def _is_elsewhere(progress: Progress) -> bool:
    if "area" in progress.cleaned:
        return area_of(progress.cleaned) is None
    area = progress.forms.get("area")
    return area is not None and len(area.fields["area"].choices) == 1  # type: ignore[attr-defined]
