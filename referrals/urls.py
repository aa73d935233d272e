from django.urls import path

from referrals.views import arriving, deciding, queue, record

app_name = "referrals"

urlpatterns = [
    path("", queue.ReferralListView.as_view(shown="list"), name="list"),
    path("waiting/", queue.ReferralListView.as_view(shown="waiting"), name="waiting"),
    path("interested/", queue.ReferralListView.as_view(shown="interested"), name="interested"),
    path("decided/", queue.ReferralListView.as_view(shown="decided"), name="decided"),
    path("all/", queue.ReferralListView.as_view(shown="all"), name="all"),
    path("mine/", queue.OwnReferralsView.as_view(), name="mine"),
    path("new/", arriving.CreateView.as_view(), name="create"),
    path("imports/", arriving.ImportListView.as_view(), name="imports"),
    path("imports/new/", arriving.ImportView.as_view(), name="import-file"),
    path("imports/<uuid:batch>/", arriving.ImportResultView.as_view(), name="import"),
    path("imports/<uuid:batch>/refused-rows/", arriving.RefusedRowsView.as_view(), name="refused-rows"),
    path("duplicates/", deciding.DuplicateListView.as_view(), name="duplicates"),
    path("duplicates/<uuid:pair>/", deciding.DuplicateView.as_view(), name="duplicate"),
    path("duplicates/<uuid:pair>/answer/", deciding.DuplicateAnswerView.as_view(), name="duplicate-answer"),
    path("<uuid:pk>/changes/answer/", deciding.ChangeView.as_view(), name="change-answer"),
    path("<uuid:pk>/", record.ReferralView.as_view(), name="detail"),
    path("<uuid:pk>/taking/", record.TakeView.as_view(), name="take"),
    path("<uuid:pk>/decision/", deciding.DecisionView.as_view(), name="decide"),
    path("<uuid:pk>/reopening/", deciding.ReopenView.as_view(), name="reopen"),
    path("<uuid:pk>/interest/", record.InterestCheckView.as_view(), name="check-interest"),
    path("<uuid:pk>/flags/new/", record.FlagView.as_view(), name="raise-flag"),
    path("<uuid:pk>/restriction/", record.RestrictView.as_view(), name="restrict"),
    path("<uuid:pk>/restriction/lifting/", record.LiftRestrictionView.as_view(), name="lift-restriction"),
    path("<uuid:pk>/grants/<uuid:user>/end/", record.EndGrantView.as_view(), name="end-grant"),
    path("<uuid:pk>/grants/new/", record.GrantView.as_view(), name="grant"),
    path("<uuid:pk>/conflict/", record.ConflictView.as_view(), name="declare-conflict"),
    path("<uuid:pk>/sides/<slug:side>/contact/", record.ContactView.as_view(), name="contact"),
    path("<uuid:pk>/sides/<slug:side>/safe-contact/", record.SafeContactView.as_view(), name="safe-contact"),
    path("<uuid:pk>/sides/<slug:side>/consents/new/", record.ConsentView.as_view(), name="record-consent"),
    path("<uuid:pk>/sides/<slug:side>/withdrawal/", record.WithdrawalView.as_view(), name="withdraw-consent"),
    path("<uuid:pk>/sides/<slug:side>/bars/new/", record.LegalBarView.as_view(), name="record-bar"),
]
