from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import StringConverter

from referrals.views import (
    answering,
    arriving,
    children,
    chosen,
    complaints,
    concerns,
    consents,
    deciding,
    directory,
    emergency,
    messages,
    needing,
    offering,
    own,
    own_link,
    queue,
    record,
    referring,
    requesting,
    searching,
    somebody_known,
    together,
    transferring,
    verifying,
    waiting,
)
from referrals.views.contact_us import pages
from referrals.views.contact_us.own_part import OF_WHOEVER_IS_RESPONSIBLE as YOUR_PART

app_name = "referrals"


class SideConverter(StringConverter):
    regex = "harmed|responsible"


register_converter(SideConverter, "side")

of_concern = [
    path("", concerns.ConcernView.as_view(), name="concern"),
    path("decision/", concerns.DecideConcernView.as_view(), name="decide-concern"),
    path("passing-on/", concerns.PassConcernOnView.as_view(), name="pass-concern-on"),
    path("closure/", concerns.CloseConcernView.as_view(), name="close-concern"),
]

of_complaint = [
    path("", complaints.ComplaintView.as_view(), name="complaint"),
    path("acknowledgement/", complaints.AcknowledgeComplaintView.as_view(), name="acknowledge-complaint"),
    path("handler/", complaints.GiveComplaintView.as_view(), name="give-complaint"),
    path("worker/", complaints.NameWorkerView.as_view(), name="name-worker"),
    path("more-time/", complaints.ExtendComplaintView.as_view(), name="extend-complaint"),
    path("decision/", complaints.DecideComplaintView.as_view(), name="decide-complaint"),
    path("outcome-told/", complaints.TellOutcomeView.as_view(), name="tell-complaint-outcome"),
]

of_childhood = [
    path("", children.ChildhoodView.as_view(), name="childhood"),
    path("adult/", children.EstablishAdultView.as_view(), name="establish-adult"),
    path("people/new/", children.NameParentalView.as_view(), name="name-parental"),
    path("people/<uuid:parental>/end/", children.EndParentalView.as_view(), name="end-parental"),
    path("people/<uuid:parental>/agreements/new/", children.AgreeForView.as_view(), name="agree-for"),
    path("agreements/<uuid:agreement>/withdrawal/", children.WithdrawForView.as_view(), name="withdraw-for"),
]

of_needs = [
    path("", needing.NeedsView.as_view(), name="needs"),
    path("assessment/", needing.AssessNeedsView.as_view(), name="assess-needs"),
    path("support/new/", needing.OfferSupportView.as_view(), name="offer-support"),
    path("support/<uuid:support>/", needing.NoteSupportView.as_view(), name="note-support"),
    path("conditions/", needing.ConditionsView.as_view(), name="conditions"),
]

# Of one person: on a side, or responsible beside the first.
about_person: list[URLPattern | URLResolver] = [
    path("contact/", record.ContactView.as_view(), name="contact"),
    path("needs/", include(of_needs)),
    path("childhood/", include(of_childhood)),
    path("requests/new/", requesting.WhomToAskView.as_view(), name="whom-to-ask"),
    path("requests/new/<slug:agency>/", requesting.AskAgencyView.as_view(), name="ask-agency"),
    path("own-link/", own_link.OwnLinkView.as_view(), name="own-link"),
    path("own-link/end/", own_link.EndOwnLinkView.as_view(), name="end-own-link"),
    path("pause/end/", own_link.EndPauseView.as_view(), name="end-pause"),
    path("contact-wish/", own_link.ContactWishView.as_view(), name="contact-wish"),
    path("safe-contact/", record.SafeContactView.as_view(), name="safe-contact"),
    path("consents/", consents.ConsentsView.as_view(), name="consents"),
    path("consents/new/", record.ConsentView.as_view(), name="record-consent"),
    path("withdrawal/", record.WithdrawalView.as_view(), name="withdraw-consent"),
    path("bars/new/", record.LegalBarView.as_view(), name="record-bar"),
]

urlpatterns = [
    path("", queue.ReferralListView.as_view(shown="list"), name="list"),
    path("waiting/", queue.ReferralListView.as_view(shown="waiting"), name="waiting"),
    path("interested/", waiting.InterestListView.as_view(), name="interested"),
    path("decided/", queue.ReferralListView.as_view(shown="decided"), name="decided"),
    path("all/", queue.ReferralListView.as_view(shown="all"), name="all"),
    path("mine/", own.OwnReferralsView.as_view(), name="mine"),
    path("mine/offers/", offering.OwnOffersView.as_view(), name="own-offers"),
    path("mine/messages/", messages.AllOwnMessagesView.as_view(), name="all-own-messages"),
    path("mine/<uuid:pk>/", own.OwnReferralView.as_view(), name="own"),
    path("mine/<uuid:pk>/messages/", messages.OwnMessagesView.as_view(), name="own-messages"),
    path("mine/<uuid:pk>/changes/new/", own.ChangeSentView.as_view(), name="change-sent"),
    path("emergency/", emergency.EmergencyView.as_view(), name="emergency"),
    path("emergency/taken/", emergency.EmergencyListView.as_view(), name="emergencies"),
    path("chosen/", chosen.ChosenView.as_view(), name="chosen"),
    path("search/", searching.SearchView.as_view(), name="search"),
    path("search/<uuid:pk>/", searching.FoundView.as_view(), name="found"),
    path("new/", referring.NewReferralView.as_view(), name="create"),
    path("drafts/", referring.DraftListView.as_view(), name="drafts"),
    path("drafts/<uuid:draft>/check/", referring.CheckDraftView.as_view(), name="check-draft"),
    path("drafts/<uuid:draft>/sent/", referring.SentView.as_view(), name="draft-sent"),
    path("drafts/<uuid:draft>/deletion/", referring.DeleteDraftView.as_view(), name="delete-draft"),
    path("drafts/<uuid:draft>/same-incident/", referring.SameIncidentView.as_view(), name="same-incident"),
    path("drafts/<uuid:draft>/<slug:page>/", referring.QuestionView.as_view(), name="draft"),
    path("imports/", arriving.ImportListView.as_view(), name="imports"),
    path("imports/new/", arriving.ImportView.as_view(), name="import-file"),
    path("imports/<uuid:batch>/", arriving.ImportResultView.as_view(), name="import"),
    path("imports/<uuid:batch>/refused-rows/", arriving.RefusedRowsView.as_view(), name="refused-rows"),
    path("duplicates/", somebody_known.DuplicateListView.as_view(), name="duplicates"),
    path("duplicates/<uuid:pair>/answer/", somebody_known.KeepApartView.as_view(), name="duplicate-answer"),
    path("offers/", offering.OfferListView.as_view(), name="offers"),
    path("<uuid:pk>/offers/new/", offering.OfferView.as_view(), name="record-offer"),
    path("mine/<uuid:pk>/offers/new/", offering.OwnOfferView.as_view(), name="record-own-offer"),
    path("concerns/", concerns.ConcernListView.as_view(), name="concerns"),
    path("concerns/new/", concerns.RaiseConcernView.as_view(), name="raise-concern"),
    path("concerns/<uuid:concern>/", include(of_concern)),
    path("concerns/complaints/", complaints.ComplaintListView.as_view(), name="complaints"),
    path("concerns/complaints/new/", complaints.RecordComplaintView.as_view(), name="record-complaint"),
    path("concerns/complaints/<uuid:complaint>/", include(of_complaint)),
    path("<uuid:pk>/concerns/new/", concerns.RaiseConcernOnView.as_view(), name="raise-concern-on"),
    path("directory/", directory.DirectoryView.as_view(), name="directory"),
    path("directory/new/", directory.NewProvisionView.as_view(), name="add-provision"),
    path("directory/pathways/", directory.PathwayListView.as_view(), name="pathways"),
    path("directory/pathways/new/", directory.LayPathwayView.as_view(), name="lay-pathway"),
    path("directory/pathways/<uuid:pathway>/end/", directory.EndPathwayView.as_view(), name="end-pathway"),
    path("directory/agreements/", directory.AgreementListView.as_view(), name="agreements"),
    path("directory/agreements/new/", directory.RecordAgreementView.as_view(), name="record-agreement"),
    path("directory/agreements/<uuid:sharing>/end/", directory.EndAgreementView.as_view(), name="end-agreement"),
    path("directory/partners/", directory.PartnerWorkView.as_view(), name="partner-work"),
    path("directory/partners/new/", directory.RecordPartnerWorkView.as_view(), name="record-partner-work"),
    path("directory/partners/<uuid:work>/end/", directory.EndPartnerWorkView.as_view(), name="end-partner-work"),
    path("directory/<uuid:provision>/", directory.ProvisionView.as_view(), name="provision"),
    path("directory/<uuid:provision>/change/", directory.ChangeProvisionView.as_view(), name="change-provision"),
    path("directory/<uuid:provision>/check/", directory.CheckProvisionView.as_view(), name="check-provision"),
    path("directory/<uuid:provision>/end/", directory.EndProvisionView.as_view(), name="end-provision"),
    path("transfers/", transferring.TransferListView.as_view(), name="transfers"),
    path("transfers/<uuid:transfer>/", transferring.TransferView.as_view(), name="transfer"),
    path("transfers/<uuid:transfer>/answer/", transferring.AnswerTransferView.as_view(), name="answer-transfer"),
    path("transfers/<uuid:transfer>/end/", transferring.TakeBackTransferView.as_view(), name="take-back-transfer"),
    path("<uuid:pk>/transfers/new/", transferring.OfferTransferView.as_view(), name="offer-transfer"),
    path("<uuid:pk>/transfers/return/", transferring.SendHomeView.as_view(), name="send-home"),
    path("requests/", requesting.RequestListView.as_view(), name="requests"),
    path("requests/words/", requesting.RequestWordsView.as_view(), name="request-words"),
    path("requests/words/<slug:agency>/", requesting.KeepRequestWordsView.as_view(), name="keep-request-words"),
    path("answer/", answering.AnswerView.as_view(), name="answer"),
    path("answer/thanks/", answering.AnswerDoneView.as_view(), name="answer-done"),
    path("answer/<str:token>/", answering.AnswerLinkView.as_view(), name="answer-link"),
    path("<uuid:pk>/requests/<uuid:asked>/", requesting.RequestView.as_view(), name="request"),
    path("<uuid:pk>/requests/<uuid:asked>/link/", requesting.SendAgainView.as_view(), name="send-request-again"),
    path("<uuid:pk>/requests/<uuid:asked>/answer/", requesting.NoteAnswerView.as_view(), name="note-answer"),
    path("<uuid:pk>/requests/<uuid:asked>/end/", requesting.EndRequestView.as_view(), name="end-request"),
    path("<uuid:pk>/changes/answer/", deciding.ChangeView.as_view(), name="change-answer"),
    path("<uuid:pk>/messages/", messages.MessagesView.as_view(), name="messages"),
    path("<uuid:pk>/", record.ReferralView.as_view(), name="detail"),
    path("<uuid:pk>/verification/", verifying.VerificationView.as_view(), name="verification"),
    path("<uuid:pk>/taking/", record.TakeView.as_view(), name="take"),
    path("<uuid:pk>/decision/", deciding.DecisionView.as_view(), name="decide"),
    path("<uuid:pk>/reopening/", deciding.ReopenView.as_view(), name="reopen"),
    path("<uuid:pk>/interest/", waiting.InterestCheckView.as_view(), name="check-interest"),
    path("<uuid:pk>/interest/go-on/", waiting.GoOnView.as_view(), name="go-on"),
    path("<uuid:pk>/interest/triggers/new/", waiting.TriggerView.as_view(), name="note-trigger"),
    path(
        "<uuid:pk>/interest/triggers/<uuid:trigger>/settling/",
        waiting.SettleTriggerView.as_view(),
        name="settle-trigger",
    ),
    path("<uuid:pk>/flags/new/", record.FlagView.as_view(), name="raise-flag"),
    path("<uuid:pk>/restriction/", record.RestrictView.as_view(), name="restrict"),
    path("<uuid:pk>/restriction/lifting/", record.LiftRestrictionView.as_view(), name="lift-restriction"),
    path("<uuid:pk>/grants/<uuid:user>/end/", record.EndGrantView.as_view(), name="end-grant"),
    path("<uuid:pk>/grants/new/", record.GrantView.as_view(), name="grant"),
    path("<uuid:pk>/conflict/", record.ConflictView.as_view(), name="declare-conflict"),
    path("<uuid:pk>/person-harmed/new/", together.NameHarmedView.as_view(), name="name-harmed"),
    path("<uuid:pk>/people-responsible/new/", together.AddResponsibleView.as_view(), name="add-responsible"),
    path("<uuid:pk>/people-responsible/<uuid:beside>/", include(about_person)),
    path("<uuid:pk>/sides/<side:side>/", include(about_person)),
]

# Without an account; mounted at /contact-us/ by names of their own, which every public page links to.
public = [
    path("", pages.PublicPage.as_view(template_name="contact_us/start.html"), name="public-start"),
    path(
        "restorative-justice/",
        pages.PublicPage.as_view(template_name="contact_us/about.html"),
        name="about-restorative-justice",
    ),
    path("stay-safe-online/", pages.PublicPage.as_view(template_name="contact_us/safe.html"), name="stay-safe-online"),
    path("questions/<slug:step>/", pages.QuestionView.as_view(), name="contact-us-question"),
    path("check/", pages.CheckView.as_view(), name="contact-us-check"),
    path("sent/", pages.SentView.as_view(), name="contact-us-sent"),
    path(
        "another-place/",
        pages.PublicPage.as_view(template_name="contact_us/elsewhere.html"),
        name="contact-us-elsewhere",
    ),
    path("leave/", pages.LeaveView.as_view(), name="contact-us-leave"),
    path("your-part/", pages.PublicPage.as_view(template_name="contact_us/your_part.html"), name="your-part"),
    path("your-part/questions/<slug:step>/", pages.QuestionView.as_view(asks=YOUR_PART), name="your-part-question"),
    path("your-part/check/", pages.CheckView.as_view(asks=YOUR_PART), name="your-part-check"),
    path(
        "your-part/sent/",
        pages.SentView.as_view(template_name="contact_us/your_part_sent.html"),
        name="your-part-sent",
    ),
]
