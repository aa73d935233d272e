"""The pages: start, one question after the other, check, sent; leaving at any moment. Titles and addresses say nothing."""

import uuid
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import decorator_from_middleware, method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.generic import TemplateView
from django.views.generic.base import View

from referrals.actions import send_self_referral
from referrals.views.contact_us.own_part import OF_WHOEVER_IS_RESPONSIBLE
from referrals.views.contact_us.questions import OF_WHOEVER_WAS_HARMED, Asks, area_of
from rj_service.accounts.errors import StaleState
from rj_service.public_forms.actions import forget_answers, kept_for
from rj_service.public_forms.pages import CheckPage, FormPage, QuestionPage
from rj_service.ui.references import spoken
from rj_service.ui.steps import Progress

KEY, REFERENCE = OF_WHOEVER_WAS_HARMED.key, OF_WHOEVER_WAS_HARMED.reference
KEYS = (KEY, OF_WHOEVER_IS_RESPONSIBLE.key)
AWAY = "https://www.bbc.co.uk/weather"
STAMP = signing.TimestampSigner(salt="referrals.contact_us")


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


@method_decorator([csrf_exempt, decorator_from_middleware(_ByToken)], name="dispatch")
class _Page(FormPage):
    """Of this form: nothing stays on a device that others read, and what is pressed was shown first."""

    asks: Asks = OF_WHOEVER_WAS_HARMED

    def forget(self) -> None:
        _forget(self.request)

    def elsewhere(self, key: uuid.UUID | None) -> HttpResponse:
        """Another service's: nothing stays here."""
        forget_answers(key)
        self.forget()
        return HttpResponseRedirect(reverse("contact-us-elsewhere"))

    def looks_like_a_program(self, *, fastest: int = 0) -> bool:
        """Sent without being shown, faster than it can be read or long after, or with the box filled that nobody sees."""
        try:
            STAMP.unsign(self.request.POST.get("shown", ""), max_age=kept_for())
        except signing.BadSignature:
            return True
        return super().looks_like_a_program() or (fastest > 0 and self.shown_less_than(fastest))

    def shown_less_than(self, seconds: int) -> bool:
        try:
            STAMP.unsign(self.request.POST.get("shown", ""), max_age=seconds)
        except signing.SignatureExpired:
            return False
        return True

    def frame(self) -> dict[str, Any]:
        own = {"shown": STAMP.sign(""), "exit_url": reverse("contact-us-leave")}
        return super().frame() | own | {"public_phone": settings.RJ_PUBLIC_PHONE}


class QuestionView(_Page, QuestionPage):
    def led_elsewhere(self, progress: Progress, key: uuid.UUID) -> HttpResponse | None:
        return self.elsewhere(key) if _is_elsewhere(progress) else None

    def named(self) -> dict[str, Any]:
        keys = self.asks.numbered
        number = keys.index(self.step.key) + 1 if self.step.key in keys else None
        numbered = f"question {number} of {len(keys)}" if number else "one more question"
        return {"caption": numbered.capitalize(), "neutral_title": f"Contact us: {numbered}"}


class CheckView(_Page, CheckPage):
    neutral_title = "Contact us: check your answers"

    def led_elsewhere(self) -> HttpResponse | None:
        return self.elsewhere(self.key) if area_of(self.progress.cleaned) is None else None

    @sensitive_variables()
    def send(self) -> str:
        cleaned, today = self.progress.cleaned, timezone.localdate()
        area = area_of(cleaned)
        if area is None:
            raise StaleState("Nobody here serves this place any more.")
        referral = send_self_referral(
            key=self.key,
            area=area,
            new=self.asks.make(cleaned, today=today),
            acknowledge=bool(cleaned["reach"].get("acknowledge")),
            today=today,
        )
        return referral.reference


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
