"""A form about one concern or one complaint: its read is logged, its action gets the object, then back to the object's page."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from rj_service.accounts.views import GuardedFormView
from rj_service.accounts.views.guarded import ObjectMixin
from rj_service.ui.references import spoken


class AboutOneView(ObjectMixin, GuardedFormView):
    """`pk_name` names it in the address, as the page to go back to and as what an action takes."""

    abstract = True
    template_name = "ui/question.html"
    heading = ""
    button = "Save"
    lead = ""

    def get(self, request, *args, **kwargs):
        self.read(self.object)
        return super().get(request, *args, **kwargs)

    @cached_property
    def own_page(self) -> str:
        return reverse(f"referrals:{self.pk_name}", args=[self.object.pk])

    def act(self, action, **given):
        return action(**{self.pk_name: self.object}, by=self.request.user, today=timezone.localdate(), **given)

    def get_success_url(self) -> str:
        return self.own_page

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            **{
                "heading": self.heading,
                "button": self.button,
                "lead": self.lead,
                "caption": f"{self.pk_name.capitalize()} {spoken(self.object.reference)}",
                "back_url": self.own_page,
                **kwargs,
            }
        )
