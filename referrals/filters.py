"""Coded filters only: nothing personal stands in an address."""

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from referrals.choices import (
    ComplainantKind,
    ComplaintAbout,
    ComplaintStatus,
    ConcernKind,
    ConcernStatus,
    JusticeStage,
    Mechanism,
    NeutralOutcome,
    RecipientKind,
    SensitiveKind,
)
from referrals.models import Complaint, Concern, InformationRequest, Offer, Provision, Referral, ReferralMessage
from referrals.models.referral import REVIEW_AFTER
from referrals.querysets import began_from, clock_began_before
from referrals.working_days import ONE_DAY, received_before_overdue
from rj_service.accounts.models import LocalArea, Organisation

OVERDUE, TODAY, MONTH, REVIEW = "over", "today", "month", "review"


class ReferralFilter(django_filters.FilterSet):
    taken = django_filters.ChoiceFilter(
        label="Taken by", method="by_taker", choices=[("me", "Me"), ("nobody", "Nobody")], empty_label="Anybody"
    )
    mechanism = django_filters.ChoiceFilter(label="How it reached us", choices=Mechanism.choices, empty_label="Any")
    local_area = django_filters.ModelChoiceFilter(
        label="Local area",
        field_name="incident__local_area",
        queryset=lambda request: LocalArea.objects.filter(service_area=request.user.acting.service_area_id),
        empty_label="Any",
    )
    clock = django_filters.ChoiceFilter(
        label="Clock",
        method="by_clock",
        choices=[(OVERDUE, "Past its time"), (TODAY, "Due today")],
        empty_label="Any",
        widget=forms.Select,
    )

    class Meta:
        model = Referral
        fields = ["taken", "mechanism", "local_area", "clock"]

    def by_taker(self, queryset, name, value):
        return queryset.filter(taken_by=self.request.user if value == "me" else None)

    def by_clock(self, queryset, name, value):
        allowed, today = settings.DECIDE_WITHIN_WORKING_DAYS, timezone.localdate()
        late = received_before_overdue(allowed=allowed, today=today)
        if value == OVERDUE:
            return queryset.filter(clock_began_before(late))
        tomorrow = received_before_overdue(allowed=allowed, today=today + ONE_DAY)
        return queryset.filter(clock_began_before(tomorrow), began_from(late)).exclude(clock_began_before(late))


class InterestFilter(ReferralFilter):
    mechanism = clock = None
    due = django_filters.ChoiceFilter(
        label="Due",
        method="by_day",
        choices=[(OVERDUE, "Check overdue"), (MONTH, "Check due this month"), (REVIEW, "Yearly review due")],
        empty_label="Any",
    )
    news = django_filters.ChoiceFilter(
        label="News", method="by_news", choices=[("yes", "Something changed")], empty_label="Any"
    )

    class Meta:
        model = Referral
        fields = ["due", "news", "local_area", "taken"]

    def by_day(self, queryset, name, value):
        today = timezone.localdate()
        if value == REVIEW:
            return queryset.with_review_due(today - REVIEW_AFTER + ONE_DAY)
        end = today if value == OVERDUE else (today.replace(day=28) + 4 * ONE_DAY).replace(day=1)
        return queryset.filter(watched_interest__next_check_on__lt=end)

    def by_news(self, queryset, name, value):
        return queryset.with_news().filter(has_news=True)


class OfferFilter(django_filters.FilterSet):
    clock = django_filters.ChoiceFilter(
        label="Clock", method="by_clock", choices=[(OVERDUE, "Past its day"), (TODAY, "Due today")], empty_label="Any"
    )
    again = django_filters.ChoiceFilter(
        label="Which offer", method="by_turn", choices=[("first", "The first"), ("again", "Again")], empty_label="Any"
    )
    rights = django_filters.ChoiceFilter(
        label="Rights", method="by_rights", choices=[("enhanced", "Enhanced rights")], empty_label="Any"
    )
    local_area = django_filters.ModelChoiceFilter(
        label="Local area",
        field_name="referral__incident__local_area",
        queryset=lambda request: LocalArea.objects.filter(service_area=request.user.acting.service_area_id),
        empty_label="Any",
    )

    class Meta:
        model = Offer
        fields = ["clock", "again", "rights", "local_area"]

    def by_clock(self, queryset, name, value):
        today = timezone.localdate()
        return queryset.late(today) if value == OVERDUE else queryset.filter(due_on=today)

    def by_turn(self, queryset, name, value):
        return queryset.filter(is_again=value == "again")

    def by_rights(self, queryset, name, value):
        return queryset.filter(person__enhanced_rights=True)


class RequestFilter(django_filters.FilterSet):
    agency = django_filters.ChoiceFilter(
        label="Kind of agency", field_name="recipient_kind", choices=RecipientKind.choices, empty_label="Any"
    )
    organisation = django_filters.ModelChoiceFilter(
        label="Agency",
        field_name="agency",
        queryset=lambda request: Organisation.objects.filter(service_area=request.user.acting.service_area_id),
        empty_label="Any",
        null_label="Not in the list",
    )
    clock = django_filters.ChoiceFilter(
        label="Clock", method="by_clock", choices=[(OVERDUE, "Past its day"), (TODAY, "Due today")], empty_label="Any"
    )

    class Meta:
        model = InformationRequest
        fields = ["agency", "organisation", "clock"]

    def by_clock(self, queryset, name, value):
        today = timezone.localdate()
        return queryset.late(today) if value == OVERDUE else queryset.filter(due_on=today)


class ConcernFilter(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(label="State", choices=ConcernStatus.choices, empty_label="Any")
    kind = django_filters.ChoiceFilter(label="About", choices=ConcernKind.choices, empty_label="Anything")
    clock = django_filters.ChoiceFilter(
        label="Clock", method="by_clock", choices=[(OVERDUE, "Past its day"), (TODAY, "Due today")], empty_label="Any"
    )

    class Meta:
        model = Concern
        fields = ["status", "kind", "clock"]

    def by_clock(self, queryset, name, value):
        today = timezone.localdate()
        return queryset.overdue(today) if value == OVERDUE else queryset.waiting().filter(due_on=today)


class ComplaintFilter(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(label="State", choices=ComplaintStatus.choices, empty_label="Not closed")
    about = django_filters.ChoiceFilter(label="About", choices=ComplaintAbout.choices, empty_label="Anything")
    made_by = django_filters.ChoiceFilter(label="Made by", choices=ComplainantKind.choices, empty_label="Anybody")
    clock = django_filters.ChoiceFilter(
        label="Clock", method="by_clock", choices=[(OVERDUE, "Past its day")], empty_label="Any"
    )

    class Meta:
        model = Complaint
        fields = ["status", "about", "made_by", "clock"]

    def by_clock(self, queryset, name, value):
        return queryset.late(timezone.localdate())


class OwnReferralFilter(django_filters.FilterSet):
    outcome = django_filters.ChoiceFilter(
        label="What became of it", method="by_outcome", choices=NeutralOutcome.choices, empty_label="Anything"
    )

    messages = django_filters.ChoiceFilter(
        label="Messages", method="by_message", choices=[("new", "Not read by me")], empty_label="Any"
    )

    class Meta:
        model = Referral
        fields = ["outcome", "messages"]

    def by_outcome(self, queryset, name, value):
        return queryset.told(value)

    def by_message(self, queryset, name, value):
        return queryset.with_unread(self.request.user).filter(has_unread=True)


class OwnMessageFilter(django_filters.FilterSet):
    messages = django_filters.ChoiceFilter(
        label="Messages", method="by_reading", choices=[("new", "Not read by me")], empty_label="Any"
    )

    class Meta:
        model = ReferralMessage
        fields = ["messages"]

    def by_reading(self, queryset, name, value):
        return queryset.unread_by(self.request.user)


class ProvisionFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(
        label="Kind of organisation",
        field_name="organisation__kind",
        choices=Organisation.Kind.choices,
        empty_label="Any",
    )
    local_area = django_filters.ModelChoiceFilter(
        label="Local area",
        method="by_place",
        queryset=lambda request: LocalArea.objects.filter(service_area=request.user.acting.service_area_id),
        empty_label="Any",
    )
    stage = django_filters.ChoiceFilter(
        label="Stage", method="by_stage", choices=JusticeStage.choices, empty_label="Any"
    )
    specialist = django_filters.ChoiceFilter(
        label="Specialists in",
        field_name="specialist_in",
        lookup_expr="contains",
        choices=SensitiveKind.choices,
        empty_label="Anything",
    )

    class Meta:
        model = Provision
        fields = ["kind", "local_area", "stage", "specialist"]

    def by_place(self, queryset, name, value):
        return queryset.there(value)

    def by_stage(self, queryset, name, value):
        return queryset.filter(Q(stages="") | Q(stages__contains=value))
