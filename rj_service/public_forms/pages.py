"""The pages of a public form: one question after the other, check. A room says what it asks and what is made of it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.generic.base import View

from rj_service.accounts.errors import StaleState
from rj_service.public_forms.actions import TooManyTries, count_try, keep_answer, kept_for, unsent_answers
from rj_service.public_forms.models import PublicTry
from rj_service.ui.steps import Progress, Step, Steps, typed

TRAP = "website"  # a box that people do not see and programs fill in
READ_AGAIN = "Look at this page once more, then press the button again. Nothing you typed is lost."


@dataclass(frozen=True)
class PublicForm:
    """`name`: where its templates lie, and what its tries are counted by; `key`: where the session keeps which answers are
    its own; `route`: how its addresses' names begin; `start`: the page before its first question."""

    name: str
    key: str
    route: str
    start: str
    steps: Steps
    headings: Mapping[str, tuple[str, str]]

    @property
    def reference(self) -> str:
        """Where the session keeps the reference of what was sent, until it is shown."""
        return f"sent_{self.name}"


@method_decorator(sensitive_post_parameters(), name="dispatch")
class FormPage(View):
    """What the question pages and the check page share: the answers of this session, and how programs are slowed."""

    http_method_names = ["get", "post", "head", "options"]
    asks: PublicForm

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
        self.forget()
        return self.page("over", status=410, begin_url=self.address(self.asks.steps[0]))

    def forget(self) -> None:
        self.request.session.pop(self.asks.key, None)

    def too_many(self, refused: TooManyTries) -> HttpResponse:
        return self.page("too_many", status=429, again_at=refused.again_at)

    def count(self, kind: PublicTry.Kind) -> None:
        count_try(self.asks.name, kind, network_of(self.request))

    def address(self, step: Step | None) -> str:
        """Of a question; without one, of the check page."""
        route = self.asks.route
        return reverse(f"{route}-question", args=[step.key]) if step else reverse(f"{route}-check")

    def looks_like_a_program(self, *, fastest: int = 0) -> bool:
        """The box is filled that nobody sees. `fastest`: seconds that reading takes, where a form looks at them."""
        return bool(self.request.POST.get(TRAP))

    def frame(self) -> dict[str, Any]:
        """What every page of the form is made with."""
        return {"minutes": settings.RJ_UNSENT_MINUTES}

    def page(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        return render(self.request, f"{self.asks.name}/{template}.html", self.frame() | context, status=status)


class QuestionPage(FormPage):
    @property
    def step(self) -> Step:
        found = next((step for step in self.asks.steps if step.key == self.kwargs["step"]), None)
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, step: str) -> HttpResponse:
        return self.turned_away() or self.question(self.progress.form(self.step))

    @sensitive_variables()
    def post(self, request: HttpRequest, step: str) -> HttpResponse:
        if turned_away := self.turned_away():
            return turned_away
        form = self.progress.form(self.step, request.POST)
        valid = form.is_valid()
        if self.looks_like_a_program():
            form.add_error(None, READ_AGAIN)
            valid = False
        if not valid:
            return self.question(form, status=422)
        if self.key is None:
            try:
                self.count(PublicTry.Kind.BEGIN)
            except TooManyTries as refused:
                return self.too_many(refused)
        return self.keep(form)

    def turned_away(self) -> HttpResponse | None:
        asked = self.step
        if self.is_over:
            return self.over()
        if self.progress.step(asked.key) is None:
            return HttpResponseRedirect(self.address(self.progress.current))
        return None

    def keep(self, form: Form) -> HttpResponse:
        was_complete = self.progress.is_complete
        key = keep_answer(self.key, self.step.key, typed(form))
        self.request.session[self.asks.key] = str(key)
        if not self.request.user.is_authenticated:
            self.request.session.set_expiry(kept_for())
        progress = self.asks.steps.read(unsent_answers(key) or {})
        following = progress.current if was_complete else progress.after(self.step)
        return self.led_elsewhere(progress, key) or HttpResponseRedirect(self.address(following))

    def led_elsewhere(self, progress: Progress, key: uuid.UUID) -> HttpResponse | None:
        """Where what was just answered ends the form."""
        return None

    def question(self, form: Form, status: int = 200) -> HttpResponse:
        before = self.progress.before(self.step)
        heading, lead = self.asks.headings.get(self.step.key, ("", ""))
        return self.page(
            "question",
            status=status,
            form=form,
            heading=heading,
            lead=lead,
            back_url=self.address(before) if before else reverse(self.asks.start),
            **self.named(),
        )

    def named(self) -> dict[str, Any]:
        """The caption, and a title that says nothing."""
        raise NotImplementedError


class CheckPage(FormPage):
    neutral_title: str

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.turned_away() or self.check()

    @sensitive_variables()
    def post(self, request: HttpRequest) -> HttpResponse:
        if turned_away := self.turned_away():
            return turned_away
        if self.looks_like_a_program(fastest=settings.RJ_PUBLIC_FASTEST_SECONDS):
            return self.check(status=422, problem=READ_AGAIN)
        if led_elsewhere := self.led_elsewhere():
            return led_elsewhere
        try:
            self.count(PublicTry.Kind.SEND)
            reference = self.send()
        except TooManyTries as too_many:
            return self.too_many(too_many)
        except StaleState:
            return self.over()
        del request.session[self.asks.key]
        request.session[self.asks.reference] = reference
        return HttpResponseRedirect(reverse(f"{self.asks.route}-sent"))

    def send(self) -> str:
        """Makes what the form is for of the answers; gives its reference."""
        raise NotImplementedError

    def led_elsewhere(self) -> HttpResponse | None:
        """Where the answers lead nowhere here."""
        return None

    def turned_away(self) -> HttpResponse | None:
        if self.is_over:
            return self.over()
        if not self.progress.is_complete:
            return HttpResponseRedirect(self.address(self.progress.current))
        return None

    def check(self, status: int = 200, problem: str = "") -> HttpResponse:
        return self.page(
            "check",
            status=status,
            sections=self.progress.sections(self.address),
            problem=problem,
            neutral_title=f"{'Error: ' if problem else ''}{self.neutral_title}",
            back_url=self.address(self.progress.asked[-1]),
            button="Send",
        )


def network_of(request: HttpRequest) -> str:
    """Where a request came from, seen through as many proxies as this service stands behind (RJ_PROXIES)."""
    passed = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if 0 < settings.RJ_PROXIES <= len(passed):
        return passed[-settings.RJ_PROXIES]
    return request.META.get("REMOTE_ADDR", "")
