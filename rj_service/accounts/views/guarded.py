"""Guarded views: signed in with a second factor, permission named by the class, rows only from `visible_to`.

Not visible is 404, visible but not allowed is 403. The whole request runs inside `acting_as`, so the change, its audit and
the access log are one transaction; a refusal is logged in a transaction of its own afterwards.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView
from django.views.generic.base import View

from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.accounts.kept_forms import take
from rj_service.accounts.roles import EVERY_PERMISSION
from rj_service.accounts.sent_forms import sent_once
from rj_service.audit.actions import record_access
from rj_service.ui.alerts import done
from rj_service.ui.forms import WordsField
from rj_service.ui.views import given_back, not_allowed

SIGNED_IN = "signed in"  # a page of the person's own: notifications, change of role


class GuardedView(View):
    """Base of every page behind sign-in. A subclass without a known `permission` cannot be defined."""

    permission: str
    abstract = True
    gives_words_back = False  # those of a POST that came after the session had ended (`kept_forms`)
    http_method_names = ["get", "post", "head", "options"]  # Django's form views take a PUT for a POST

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if cls.__dict__.get("abstract"):
            return
        permission = getattr(cls, "permission", None)
        if permission != SIGNED_IN and permission not in EVERY_PERMISSION:
            raise TypeError(f"{cls.__name__} names no known permission: {permission}")

    @property
    def acting(self):
        return self.request.user.acting

    def dispatch(self, request, *args, **kwargs):
        user = request.user
        if not user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        try:
            with acting_as(user):
                self.check_permission()
                response = super().dispatch(request, *args, **kwargs)
                self.check_response(response)
                if hasattr(response, "render") and not response.is_rendered:
                    response.render()
                return response
        except (PermissionDenied, NotAllowed) as refusal:
            self.log_refusal()
            return not_allowed(request, refusal)
        except Http404:
            self.log_refusal()
            raise

    @classmethod
    def opened_by(cls) -> frozenset[str]:
        """The permissions that open the page, any of them."""
        return frozenset([cls.permission])

    def check_permission(self) -> None:
        wanted = self.opened_by()
        if SIGNED_IN not in wanted and not any(map(self.request.user.may, wanted)):
            raise PermissionDenied

    def check_response(self, response: HttpResponse) -> None:
        """A stream would read personal data after the transaction and its scope have ended; files are no such stream."""
        if isinstance(response, StreamingHttpResponse) and not hasattr(response, "file_to_stream"):
            raise TypeError("a guarded view may stream files only")

    def log_refusal(self) -> None:
        match = self.request.resolver_match
        target = self.kwargs.get("pk") or next((v for v in self.kwargs.values() if isinstance(v, uuid.UUID)), None)
        with acting_as(self.request.user):
            record_access(
                "denied", by=self.request.user, page=match.view_name if match else "", ids=[target] if target else []
            )

    def read(self, on: models.Model | None = None, *, kind="view", label="", ids=(), people: Iterable[uuid.UUID] = ()):
        """Log that this request showed `people` (Person ids) to the user."""
        given: dict[str, Any] = {
            "by": self.request.user,
            "on": on,
            "label": label,
            "page": self.request.resolver_match.view_name,
            "ids": ids,
            "people": people,
            "area": self.acting.service_area_id if self.acting else None,
        }
        record_access(kind, **given)
        until = self.emergency_until(on) if on is not None else None
        if until:
            self.request.emergency_until = until  # the frame of the page says so
            record_access("emergency", **given)

    def emergency_until(self, on: models.Model) -> datetime | None:
        """When it closes, if it is open to the user by emergency access alone: what is read under it is marked."""
        # Looked up by name: `referrals` stands above.
        referral = getattr(on, "referral_id", on.pk if on._meta.label == "referrals.Referral" else None)
        grants = apps.get_model("referrals", "Grant").objects.with_scopes_disabled()
        taken = grants.of_emergency(self.request.user).filter(referral=referral)
        return taken.values_list("ends_at", flat=True).first() if referral else None


class ObjectMixin:
    """One object from `visible_to`, found by the `pk` of the address. `get_queryset` may narrow or join further."""

    model: type[models.Model]
    pk_name = "pk"

    def get_queryset(self):
        return self.model._default_manager.all().visible_to(self.request.user)

    def get_object(self):
        found = self.get_queryset().filter(pk=self.kwargs[self.pk_name]).first()
        if found is None:
            raise Http404
        return found

    @property
    def object(self):
        if not hasattr(self, "_object"):
            self._object = self.get_object()
        return self._object

    def people_shown(self) -> Iterable[uuid.UUID]:
        """Person ids that the page shows; empty where it shows none."""
        return ()


class GuardedTemplateView(GuardedView, TemplateView):
    abstract = True


class GuardedDetailView(ObjectMixin, GuardedView, TemplateView):
    """A record page. Its read is logged in the same transaction."""

    abstract = True

    def get(self, request, *args, **kwargs):
        self.read(self.object, people=self.people_shown())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(**{"object": self.object, **kwargs})


class GuardedFormView(GuardedView, FormView):
    """A form whose valid words become one call of an action, once. A refusal comes back beside the typed words, as 422."""

    abstract = True
    gives_words_back = True
    success_message = ""

    def dispatch(self, request, *args, **kwargs):
        """Whoever lost sight of it while they typed, or may do it no more, gets their own words back, and nothing else."""
        try:
            response = super().dispatch(request, *args, **kwargs)
        except Http404:
            if not (typed := self.typed_words()):
                raise
            return given_back(request, typed, status=404)
        if response.status_code == 403 and (typed := self.typed_words()):
            return given_back(request, typed, status=403)
        return response

    def typed_words(self) -> list[tuple[str, str]]:
        """What was sent of narrative, by the question. Of the form's class alone: what it is about is not read again."""
        request, form_class = self.request, getattr(self, "form_class", None)
        if request.method != "POST" or request.headers.get("X-Requested-With") or form_class is None:
            return []
        fields = [(name, field) for name, field in form_class.base_fields.items() if isinstance(field, WordsField)]
        typed = ((field.label or name, request.POST.get(name, "").strip()) for name, field in fields)
        return [(str(label), words) for label, words in typed if words]

    @cached_property
    def kept_words(self) -> QueryDict | None:
        """Words kept from a session that ended come back once, nothing submitted."""
        return take(self.request)

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        return kwargs if self.kept_words is None else {**kwargs, "data": self.kept_words}

    def post(self, request, *args, **kwargs):
        return sent_once(request, request.user.pk, lambda: super(GuardedFormView, self).post(request, *args, **kwargs))

    def perform(self, form):
        """Call one action; return None, or what `get_success_url` needs in `self.result`."""
        raise NotImplementedError

    def form_valid(self, form):
        try:
            with transaction.atomic():
                self.result = self.perform(form)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            return self.form_invalid(form)
        if self.success_message:
            done(self.request, self.success_message, undo_url=self.get_undo_url())
        return HttpResponseRedirect(self.get_success_url())

    def get_undo_url(self) -> str:
        """Where what was done just now is taken back by one POST; empty where it is not."""
        return ""

    def form_invalid(self, form):
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class GuardedActionView(ObjectMixin, GuardedView):
    """A button: POST only, one action, back to where it came from."""

    abstract = True
    http_method_names = ["post", "options"]
    success_message = ""

    def perform(self):
        raise NotImplementedError

    def get_success_url(self) -> str:
        raise NotImplementedError

    def post(self, request, *args, **kwargs):
        try:
            with transaction.atomic():
                self.result = self.perform()
        except NotAllowed:
            raise
        except DomainError as error:
            messages.error(request, error.message)
        else:
            if self.success_message:
                messages.success(request, self.success_message)
        return HttpResponseRedirect(self.get_success_url())
