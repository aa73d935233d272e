"""How it went: who was asked, answers typed by staff, and the one-use link given once."""

from functools import cached_property
from typing import Any

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from cases import actions
from cases.forms import SurveyAnswersForm, SurveyInvitationForm
from cases.models import SurveyInvitation
from cases.views.case_page import CaseForm, CasePage
from cases.views.people import OfParticipant
from cases.views.side_panels import MAIN_ROLES
from referrals.choices import Channel
from rj_service.ui.references import spoken


class SurveysView(CasePage):
    permission = "cases.survey"
    template_name = "cases/surveys.html"
    part = "surveys"

    def people_shown(self):
        return [one.person_id for one in self.people]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        asked = (
            SurveyInvitation.objects.filter(case=self.case)
            .select_related("participant__person", "response")
            .order_by("-asked_at", "-id")
        )
        rows = [{"invitation": one, "response": getattr(one, "response", None)} for one in asked]
        main = [one for one in self.people if one.role in MAIN_ROLES]
        return super().get_context_data(rows=rows, main=main, **kwargs)


class InviteToSurveyView(OfParticipant, CaseForm):
    """The link is shown once, to whoever asks: only its digest is stored."""

    permission = "cases.survey"
    form_class = SurveyInvitationForm
    heading = "Ask how it went"
    lead = "Only by a way that is safe and that they agreed to. The link works once."
    button = "Ask them"
    template_name = "cases/ask_how_it_went.html"

    @cached_property
    def blocks(self) -> dict[str, str]:
        return actions.survey_blocks(self.participant, self.today)

    def get_initial(self):
        return {"interval": SurveyInvitation.Interval.AFTER}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"channels": [one for one, block in self.blocks.items() if not block]}

    def perform(self, form):
        return actions.invite_to_survey(
            participant=self.participant, by=self.request.user, today=self.today, **form.cleaned_data
        )

    def form_valid(self, form):
        response = super().form_valid(form)
        if response.status_code != 302:
            return response
        invitation, secret = self.result
        if invitation.channel == Channel.PHONE:
            return HttpResponseRedirect(self.case_url("survey-answers", invitation.pk))
        path = reverse("cases:survey-link", args=[secret])
        context = {
            "case": self.case,
            "caption": f"Case {spoken(self.case.reference)}",
            "participant": self.participant,
            "invitation": invitation,
            "link": self.request.build_absolute_uri(path),
            "answers_url": self.case_url("survey-answers", invitation.pk),
            "surveys_url": self.case_url("surveys"),
        }
        shown = render(self.request, "cases/survey_link.html", context)
        shown["Cache-Control"] = "no-store"
        return shown

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        closed = [(Channel(one).label, block) for one, block in self.blocks.items() if block]
        return super().get_context_data(closed=closed, may_ask=len(closed) < len(self.blocks), **kwargs)

    def get_back_url(self) -> str:
        return self.case_url("surveys")


class SurveyAnswersView(CaseForm):
    """Answers that came on paper or by telephone."""

    permission = "cases.survey"
    form_class = SurveyAnswersForm
    heading = "Enter survey answers"
    button = "Save the answers"
    success_message = "The answers are saved."

    @cached_property
    def invitation(self) -> SurveyInvitation:
        waiting = SurveyInvitation.objects.filter(response__isnull=True).select_related("participant__person")
        return self.child(waiting, "invitation")

    def people_shown(self):
        return [self.invitation.participant.person_id]

    def get_side(self) -> str:
        return self.invitation.side

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"side": self.invitation.side}

    def get_initial(self):
        return {"received_on": self.today}

    def perform(self, form):
        return actions.record_survey_answers(
            invitation=self.invitation,
            overall=form.cleaned_data["overall"],
            received_on=form.cleaned_data["received_on"],
            answers=form.answers,
            words=form.cleaned_data["words"],
            by=self.request.user,
            today=self.today,
        )

    def get_back_url(self) -> str:
        return self.case_url("surveys")
