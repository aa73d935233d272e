"""Coded filters only: nothing personal stands in an address."""

from datetime import timedelta

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from referrals.choices import (
    AgreementKind,
    ComplainantKind,
    ComplaintAbout,
    ComplaintStatus,
    ConcernKind,
    ConcernStatus,
    CrimeType,
    JusticeStage,
    Mechanism,
    NeutralOutcome,
    PartnerDelivered,
    RecipientKind,
    Route,
    SensitiveKind,
)
from referrals.duplicates import VERY_LIKELY
from referrals.models import (
    Complaint,
    Concern,
    Grant,
    ImportBatch,
    InformationRequest,
    Offer,
    PartnerWork,
    Pathway,
    PossibleDuplicate,
    Provision,
    Referral,
    ReferralMessage,
    SharingAgreement,
    Transfer,
)
from referrals.models.referral import REVIEW_AFTER
from referrals.querysets import began_from, clock_began_before
from referrals.working_days import ONE_DAY, received_before_overdue
from rj_service.accounts.models import LocalArea, Organisation

OVERDUE, TODAY, MONTH, REVIEW = "over", "today", "month", "review"
A_YEAR = timedelta(days=365)


def local_area_filter(**given) -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(
        label="Local area",
        queryset=lambda request: LocalArea.objects.filter(service_area=request.user.acting.service_area_id),
        empty_label="Any",
        **given,
    )


class ReferralFilter(django_filters.FilterSet):
    taken = django_filters.ChoiceFilter(
        label="Taken by", method="by_taker", choices=[("me", "Me"), ("nobody", "Nobody")], empty_label="Anybody"
    )
    mechanism = django_filters.ChoiceFilter(label="How it reached us", choices=Mechanism.choices, empty_label="Any")
    local_area = local_area_filter(field_name="incident__local_area")
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
    local_area = local_area_filter()

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


class OwnOfferFilter(OfferFilter):
    again = rights = local_area = None

    class Meta:
        model = Offer
        fields = ["clock"]


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
    local_area = local_area_filter(method="by_place")
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


class DuplicateFilter(django_filters.FilterSet):
    likely = django_filters.ChoiceFilter(
        label="How likely",
        method="by_score",
        choices=[("very", "Very likely"), ("less", "Less likely")],
        empty_label="Any",
    )

    class Meta:
        model = PossibleDuplicate
        fields = ["likely"]

    def by_score(self, queryset, name, value):
        """By what the list is in order of, so that either end of its index answers."""
        return queryset.filter(**{"score__gte" if value == "very" else "score__lt": VERY_LIKELY})


class ImportFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label="State",
        method="by_state",
        choices=[*ImportBatch.State.choices, ("refused", "Refused")],
        empty_label="Any",
    )

    class Meta:
        model = ImportBatch
        fields = ["state"]

    def by_state(self, queryset, name, value):
        refused = ~Q(refused_whole="")
        return queryset.filter(refused) if value == "refused" else queryset.filter(~refused, state=value)


class TransferFilter(django_filters.FilterSet):
    direction = django_filters.ChoiceFilter(
        label="Direction",
        method="by_direction",
        choices=[("in", "Offered to us"), ("out", "Offered by us")],
        empty_label="Either",
    )

    class Meta:
        model = Transfer
        fields = ["direction"]

    def by_direction(self, queryset, name, value):
        area = {"in": "to_area", "out": "from_area"}[value]
        return queryset.filter(**{area: self.request.user.acting.service_area_id})


class PathwayFilter(django_filters.FilterSet):
    agency = django_filters.ChoiceFilter(label="Agency", choices=Organisation.Kind.choices, empty_label="Any")
    stage = django_filters.ChoiceFilter(label="Stage", choices=JusticeStage.choices, empty_label="Any")
    route = django_filters.ChoiceFilter(label="Which way", choices=Route.choices, empty_label="Any")

    class Meta:
        model = Pathway
        fields = ["agency", "stage", "route"]


class AgreementFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label="What was agreed", choices=AgreementKind.choices, empty_label="Anything")
    state = django_filters.ChoiceFilter(
        label="State",
        method="by_state",
        choices=[("late", "Past its review"), ("over", "Has ended"), ("force", "In force")],
        empty_label="Any",
    )

    class Meta:
        model = SharingAgreement
        fields = ["kind", "state"]

    def by_state(self, queryset, name, value):
        today = timezone.localdate()
        over, late = Q(ends_on__isnull=False, ends_on__lt=today), Q(review_on__lt=today)
        return queryset.filter({"over": over, "late": ~over & late, "force": ~over & ~late}[value])


class PartnerWorkFilter(django_filters.FilterSet):
    told = django_filters.ChoiceFilter(
        label="Told us", method="by_day", choices=[("year", "In the last 12 months")], empty_label="At any time"
    )
    delivered = django_filters.ChoiceFilter(
        label="What they did", choices=PartnerDelivered.choices, empty_label="Anything"
    )
    crime_type = django_filters.ChoiceFilter(label="About", choices=CrimeType.choices, empty_label="Anything")
    local_area = local_area_filter()

    class Meta:
        model = PartnerWork
        fields = ["told", "delivered", "crime_type", "local_area"]

    def by_day(self, queryset, name, value):
        return queryset.filter(told_on__gt=timezone.localdate() - A_YEAR)


class EmergencyFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label="State", method="by_end", choices=[("now", "Open now"), ("over", "Over")], empty_label="Any"
    )

    class Meta:
        model = Grant
        fields: list[str] = []

    def by_end(self, queryset, name, value):
        return queryset.in_force() if value == "now" else queryset.filter(ends_at__lte=timezone.now())
