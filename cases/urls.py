"""The addresses of casework, and of a person's own link."""

from django.urls import URLPattern, URLResolver, include, path

from cases.views import (
    absences,
    agreements,
    allocation,
    assessments,
    assigning,
    calendar,
    closing,
    commitments,
    contacts,
    custody,
    debriefing,
    desk,
    documents,
    giving_links,
    handing_over,
    interpreters,
    interventions,
    inviting,
    leaving,
    lending,
    lists,
    merging,
    messages,
    moving_in,
    my_work,
    notes,
    opening,
    overrides,
    overseeing,
    own_page,
    people,
    preparing,
    public_survey,
    reopening,
    surveys,
    tasking,
    telling,
    venues,
    visits,
    who_comes,
)

app_name = "cases"

of_assessment = [
    path("", assessments.AssessmentView.as_view(), name="assessment"),
    path("start/", assessments.StartAssessmentView.as_view(), name="start-assessment"),
    path("items/<slug:kind>/", assessments.AssessmentItemView.as_view(), name="assessment-item"),
    path("overall/", assessments.OverallView.as_view(), name="assessment-overall"),
    path("signature/", assessments.SignAssessmentView.as_view(), name="sign-assessment"),
    path("reconfirmation/", reopening.ReconfirmAssessmentView.as_view(), name="reconfirm-assessment"),
    path("still-holds/", reopening.StillHoldsView.as_view(), name="assessment-still-holds"),
    path("reopening/", reopening.ReopenAssessmentView.as_view(), name="reopen-assessment"),
    path("conditions/<uuid:condition>/met/", reopening.ConditionMetView.as_view(), name="condition-met"),
    path("abuse-checks/new/", assessments.AbuseCheckView.as_view(), name="abuse-check"),
    path("change/", reopening.SupersedeAssessmentView.as_view(), name="supersede-assessment"),
]

of_participant: list[URLPattern | URLResolver] = [
    path("contact-details/", people.RevealContactView.as_view(), name="reveal-contact"),
    path("contacts/new/", contacts.LogContactView.as_view(), name="log-contact-with"),
    path("custody/", custody.CustodyView.as_view(), name="custody"),
    path("custody/new/", custody.RecordCustodyView.as_view(), name="record-custody"),
    path("custody/transfer/", custody.TransferView.as_view(), name="record-transfer"),
    path("custody/release/", custody.ReleaseView.as_view(), name="record-release"),
    path("custody/visits/new/", custody.AskPrisonView.as_view(), name="ask-prison"),
    path("custody/visits/<uuid:booking>/", custody.AnswerBookingView.as_view(), name="answer-booking"),
    path("interpreters/", interpreters.InterpretersView.as_view(), name="interpreters"),
    path("interpreters/new/", interpreters.BookInterpreterView.as_view(), name="book-interpreter"),
    path("interpreters/<uuid:interpreter>/", interpreters.ChangeInterpreterView.as_view(), name="change-interpreter"),
    path("notes/new/", notes.WriteNoteView.as_view(), name="write-note"),
    path("visits/new/", visits.PlanVisitView.as_view(), name="plan-visit"),
    path("consents/new/", people.RecordConsentView.as_view(), name="record-consent"),
    path("consents/<uuid:consent>/withdrawal/", people.WithdrawConsentView.as_view(), name="withdraw-consent"),
    path("legal-bars/new/", people.LegalBarView.as_view(), name="legal-bar"),
    path("legal-bars/<uuid:bar>/permission/", people.PermitLegalBarView.as_view(), name="permit-legal-bar"),
    path("own-link/", giving_links.GiveOwnLinkView.as_view(), name="give-own-link"),
    path("own-link/end/", giving_links.EndOwnLinkView.as_view(), name="end-own-link"),
    path("name/", telling.AgreeNameView.as_view(), name="agree-name"),
    path("hearing/", telling.ChooseHearingView.as_view(), name="choose-hearing"),
    path("promises/new/", telling.MakePromiseView.as_view(), name="make-promise"),
    path("leaving/", people.ParticipantLeavesView.as_view(), name="participant-leaves"),
    path("survey/", surveys.InviteToSurveyView.as_view(), name="invite-to-survey"),
    path("assessment/", include(of_assessment)),
]

of_meeting = [
    path("script/", preparing.ScriptView.as_view(), name="script"),
    path("script/paper/", preparing.ScriptPaperView.as_view(), name="script-paper"),
    path("preparation/<slug:side>/", preparing.PreparationView.as_view(), name="preparation"),
    path("preparation/<slug:side>/paper/", preparing.PreparationPaperView.as_view(), name="preparation-paper"),
    path("facilitators/paper/", preparing.FacilitatorsPackView.as_view(), name="facilitators-pack"),
    path("calendar/", calendar.MeetingCalendarView.as_view(), name="meeting-calendar"),
    path("messages/new/", messages.WriteMessageView.as_view(), name="write-message"),
    path("people/", who_comes.WhoComesView.as_view(), name="who-comes"),
    path("remote/", who_comes.RemoteView.as_view(), name="remote"),
    path("panel/", who_comes.PanelView.as_view(), name="panel"),
    path("plan/", interventions.ChangePlanView.as_view(), name="change-plan"),
    path("move/", interventions.MoveToMeetingView.as_view(), name="move-to-meeting"),
    path("overrides/", overrides.OverridesView.as_view(), name="overrides"),
    path("overrides/<uuid:override>/end/", overrides.TakeBackOverrideView.as_view(), name="take-back-override"),
    path("readiness/", interventions.ReadinessView.as_view(), name="readiness"),
    path("schedule/", interventions.ScheduleView.as_view(), name="schedule"),
    path("reconfirmation/", interventions.ReconfirmView.as_view(), name="reconfirm"),
    path("outcome/", interventions.HoldView.as_view(), name="hold"),
    path("postponement/", interventions.PostponeView.as_view(), name="postpone"),
    path("cancellation/", interventions.CancelView.as_view(), name="cancel"),
    path("not-held/", interventions.DidNotHappenView.as_view(), name="did-not-happen"),
    path("debrief/", debriefing.DebriefView.as_view(), name="debrief"),
    path("agreement/", agreements.RecordAgreementView.as_view(), name="record-agreement"),
]

of_promise = [
    path("told/", telling.TellProgressView.as_view(), name="tell-progress"),
    path("consent/", telling.AgreeToPromiseView.as_view(), name="agree-to-promise"),
    path("consent/withdrawal/", telling.TakeBackPromiseView.as_view(), name="take-back-promise"),
    path("end/", telling.EndPromiseView.as_view(), name="end-promise"),
]

of_commitment = [
    path("", commitments.CommitmentView.as_view(), name="commitment"),
    path("status/", commitments.CommitmentStatusView.as_view(), name="commitment-status"),
    path("change/", agreements.VaryCommitmentView.as_view(), name="vary-commitment"),
    path("payments/new/", commitments.RecordPaymentView.as_view(), name="record-payment"),
    path("payments/<uuid:payment>/error/", commitments.TakeBackPaymentView.as_view(), name="take-back-payment"),
    path("evidence/new/", commitments.KeepEvidenceView.as_view(), name="keep-evidence"),
    path("evidence/<uuid:evidence>/file/", commitments.EvidenceFileView.as_view(), name="evidence-file"),
]

of_documents = [
    path("", documents.DocumentsView.as_view(), name="documents"),
    path("new/", documents.AddDocumentView.as_view(), name="add-document"),
    path("<uuid:document>/file/", documents.DocumentFileView.as_view(), name="document-file"),
    path("<uuid:document>/removal/", documents.RemoveDocumentView.as_view(), name="remove-document"),
]

of_message = [
    path("", messages.MessageView.as_view(), name="message"),
    path("scan/", messages.MessageScanView.as_view(), name="message-scan"),
    path("words/", messages.ChangeMessageView.as_view(), name="change-message"),
    path("permission/", messages.PermitMessageView.as_view(), name="permit-message"),
    path("permission/taking-back/", messages.TakeBackMessageView.as_view(), name="take-back-message"),
    path("reading/", messages.ReadMessageView.as_view(), name="read-message"),
    path("wish/", messages.MessageWishView.as_view(), name="message-wish"),
    path("carrying/", messages.CarryMessageView.as_view(), name="carry-message"),
    path("answer/", messages.MessageAnswerView.as_view(), name="message-answer"),
]

of_case: list[URLPattern | URLResolver] = [
    path("", desk.DeskView.as_view(), name="desk"),
    path("history/", desk.HistoryView.as_view(), name="history"),
    path("people/", people.PeopleView.as_view(), name="people"),
    path("people/new/", people.AddParticipantView.as_view(), name="add-participant"),
    path("people/responsible/", opening.IdentifyResponsibleView.as_view(), name="identify-responsible"),
    path("consents/", people.ConsentsView.as_view(), name="consents"),
    path("legal-bars/", people.LegalBarsView.as_view(), name="legal-bars"),
    path("flags/new/", people.RaiseFlagView.as_view(), name="raise-flag"),
    path("contacts/", contacts.ContactsView.as_view(), name="contacts"),
    path("documents/", include(of_documents)),
    path("contacts/new/", contacts.ChoosePersonView.as_view(), name="log-contact"),
    path("contacts/<uuid:contact>/take-back/", contacts.TakeBackContactView.as_view(), name="take-back-contact"),
    path("notes/", notes.NotesView.as_view(), name="notes"),
    path("notes/<uuid:note>/addition/", notes.AddToNoteView.as_view(), name="add-to-note"),
    path("visits/", visits.VisitsView.as_view(), name="visits"),
    path("assessments/", assessments.AssessmentsView.as_view(), name="assessments"),
    path("participants/<uuid:participant>/", include(of_participant)),
    path("assignments/", assigning.AssignmentDeskView.as_view(), name="assignment-desk"),
    path("assignments/find/", assigning.FindPractitionerView.as_view(), name="find-practitioner"),
    path("assignments/<uuid:assignment>/end/", assigning.EndAssignmentView.as_view(), name="end-assignment"),
    path("loans/new/", lending.AskForFacilitatorView.as_view(), name="ask-for-facilitator"),
    path("practitioners/<uuid:practitioner>/invitation/", inviting.InviteView.as_view(), name="invite"),
    path("practitioners/<uuid:practitioner>/assignment/", assigning.AssignView.as_view(), name="assign"),
    path(
        "invitations/<uuid:invitation>/withdrawal/",
        inviting.WithdrawInvitationView.as_view(),
        name="withdraw-invitation",
    ),
    path("invitations/<uuid:invitation>/names/", inviting.ShowNamesView.as_view(), name="show-names"),
    path("supervisor/", overseeing.SupervisorView.as_view(), name="supervisor"),
    path("specialist/", overseeing.SpecialistView.as_view(), name="specialist"),
    path("sign-off/", overseeing.SignOffView.as_view(), name="sign-off"),
    path("sign-off/request/", overseeing.AskSignOffView.as_view(), name="ask-sign-off"),
    path("sign-off/refusal/", overseeing.RefuseSignOffView.as_view(), name="refuse-sign-off"),
    path("meetings/", interventions.MeetingsView.as_view(), name="meetings"),
    path("meetings/new/", interventions.PlanView.as_view(), name="plan-intervention"),
    path("meetings/<uuid:meeting>/", include(of_meeting)),
    path("messages/<uuid:message>/", include(of_message)),
    path("agreement/", agreements.AgreementView.as_view(), name="agreement"),
    path(
        "agreements/<uuid:agreement>/paper/<slug:side>/", telling.AgreementPaperView.as_view(), name="agreement-paper"
    ),
    path("agreements/<uuid:agreement>/signatures/new/", telling.RecordSignatureView.as_view(), name="record-signature"),
    path("told/", telling.ToldView.as_view(), name="told"),
    path("told/<uuid:telling>/", telling.RecordToldView.as_view(), name="record-told"),
    path("promises/<uuid:promise>/", include(of_promise)),
    path("agreements/<uuid:agreement>/review/", agreements.ReviewAgreementView.as_view(), name="review-agreement"),
    path("commitments/<uuid:commitment>/", include(of_commitment)),
    path("surveys/", surveys.SurveysView.as_view(), name="surveys"),
    path("surveys/<uuid:invitation>/answers/", surveys.SurveyAnswersView.as_view(), name="survey-answers"),
    path("closure/", closing.CloseView.as_view(), name="close"),
    path("reopening/", closing.ReopenView.as_view(), name="reopen"),
    path("waiting/", closing.PutOnHoldView.as_view(), name="put-on-hold"),
    path("resumption/", closing.ResumeView.as_view(), name="resume"),
    path("conflict/", closing.DeclareConflictView.as_view(), name="declare-conflict"),
    path("tasks/new/", tasking.AddTaskView.as_view(), name="add-task"),
    path("hand-over/", closing.HandOverView.as_view(), name="hand-over"),
]

of_visit = [
    path("", visits.VisitView.as_view(), name="visit"),
    path("check-in/", visits.CheckInView.as_view(), name="check-in"),
    path("check-out/", visits.CheckOutView.as_view(), name="check-out"),
    path("extension/", visits.ExtendVisitView.as_view(), name="extend-visit"),
    path("help/", visits.AskForHelpView.as_view(), name="ask-for-help"),
    path("cancellation/", visits.CancelVisitView.as_view(), name="cancel-visit"),
    path("alarm/answer/", visits.AnswerAlarmView.as_view(), name="answer-alarm"),
    path("alarm/end/", visits.EndAlarmView.as_view(), name="end-alarm"),
]

of_task = [
    path("", tasking.TaskView.as_view(), name="task"),
    path("done/", tasking.FinishTaskView.as_view(), name="finish-task"),
    path("delay/", tasking.PutOffTaskView.as_view(), name="put-off-task"),
    path("person/", tasking.GiveTaskView.as_view(), name="give-task"),
    path("reminder/", tasking.NudgeView.as_view(), name="nudge"),
]

of_move_in = [
    path("", moving_in.MoveInView.as_view(), name="move-in"),
    path("request/", moving_in.AskToMoveInView.as_view(), name="ask-to-move-in"),
    path("answer/", moving_in.AnswerMoveInView.as_view(), name="answer-move-in"),
    path("take-back/", moving_in.TakeBackMoveInView.as_view(), name="take-back-move-in"),
    path("undoing/", moving_in.UndoMoveInView.as_view(), name="undo-move-in"),
    path("fates/", moving_in.MoveInFatesView.as_view(), name="move-in-fates"),
]

of_venue = [
    path("", venues.VenueView.as_view(), name="venue"),
    path("change/", venues.ChangeVenueView.as_view(), name="change-venue"),
    path("safety-check/", venues.CheckVenueView.as_view(), name="check-venue"),
    path("end/", venues.EndVenueView.as_view(), name="end-venue"),
]

casework: list[URLPattern | URLResolver] = [
    path("venues/", venues.VenuesView.as_view(), name="venues"),
    path("venues/new/", venues.AddVenueView.as_view(), name="add-venue"),
    path("venues/<uuid:venue>/", include(of_venue)),
    path("", lists.CaseListView.as_view(), name="list"),
    path("mine/", my_work.MyCasesView.as_view(), name="mine"),
    path("allocation/", allocation.AllocationView.as_view(), name="allocation"),
    path("away/", absences.AbsenceListView.as_view(), name="absences"),
    path("away/new/", absences.RecordAbsenceView.as_view(), name="record-absence"),
    path("away/<uuid:absence>/end/", absences.EndAbsenceView.as_view(), name="end-absence"),
    path("hand-over/", handing_over.WhoseWorkView.as_view(), name="whose-work"),
    path("hand-over/<uuid:colleague>/", handing_over.HandOverAllView.as_view(), name="hand-over-all"),
    path("tasks/", tasking.TaskListView.as_view(), name="tasks"),
    path("tasks/<uuid:task>/", include(of_task)),
    path("my-work/", my_work.MyWorkView.as_view(), name="my-work"),
    path("from-referral/<uuid:referral>/", opening.AcceptReferralView.as_view(), name="accept-referral"),
    path("moving-in/", moving_in.MoveInsView.as_view(), name="move-ins"),
    path("moving-in/new/", moving_in.TryMoveInView.as_view(), name="try-move-in"),
    path(
        "moving-in/templates/<slug:template>/<slug:file_type>/",
        moving_in.MoveInTemplateView.as_view(),
        name="move-in-template",
    ),
    path("moving-in/<uuid:pk>/", include(of_move_in)),
    path("moved-in/<uuid:referral>/", moving_in.FromEarlierSystemView.as_view(), name="from-earlier-system"),
    path("visits/<uuid:visit>/", include(of_visit)),
    path("notes/<uuid:note>/draft/", notes.ThrowAwayDraftView.as_view(), name="throw-away-draft"),
    path("invitations/<uuid:invitation>/", inviting.AnswerInvitationView.as_view(), name="answer-invitation"),
    path("invitations/<uuid:invitation>/names/", inviting.KnowAnybodyView.as_view(), name="know-anybody"),
    path("between-areas/", lending.ArrangementsView.as_view(), name="arrangements"),
    path("between-areas/new/", lending.ProposeArrangementView.as_view(), name="propose-arrangement"),
    path(
        "between-areas/<uuid:arrangement>/agreement/",
        lending.AgreeArrangementView.as_view(),
        name="agree-arrangement",
    ),
    path("between-areas/<uuid:arrangement>/end/", lending.EndArrangementView.as_view(), name="end-arrangement"),
    path("loans/<uuid:loan>/", lending.LoanView.as_view(), name="loan"),
    path("loans/<uuid:loan>/answer/", lending.AnswerLoanView.as_view(), name="answer-loan"),
    path("loans/<uuid:loan>/begin/", lending.BeginLoanView.as_view(), name="begin-loan"),
    path("loans/<uuid:loan>/end/", lending.EndLoanView.as_view(), name="end-loan"),
    path("people/pairs/<uuid:pair>/", merging.ComparePeopleView.as_view(), name="compare-people"),
    path("people/merges/<uuid:merge>/confirmation/", merging.ConfirmMergeView.as_view(), name="confirm-merge"),
    path("people/merges/<uuid:merge>/undoing/", merging.UndoMergeView.as_view(), name="undo-merge"),
    path("people/<uuid:pk>/", merging.OnePersonView.as_view(), name="one-person"),
    path("<uuid:pk>/", include(of_case)),
]

of_practitioner = [
    path("leaving/", leaving.LeavingView.as_view(), name="leaving"),
    path("agenda/", debriefing.AgendaView.as_view(), name="agenda"),
]

of_own_page = [
    path("", own_page.OwnPageView.as_view(), name="own-page"),
    path("pause/", own_page.PauseView.as_view(), name="own-page-pause"),
    path("stop/", own_page.StopView.as_view(), name="own-page-stop"),
    path("reach/", own_page.ReachView.as_view(), name="own-page-reach"),
    path("complaint/", own_page.ComplainView.as_view(), name="own-page-complaint"),
    path("stopped/", own_page.StoppedView.as_view(), name="own-page-stopped"),
    path("leave/", own_page.LeaveView.as_view(), name="own-page-leave"),
    path("<str:token>/", own_page.OwnLinkView.as_view(), name="own-link"),
]

own_link: list[URLPattern | URLResolver] = [
    path("yours/", include(of_own_page)),
    path("", public_survey.SurveyView.as_view(), name="survey"),
    path("thanks/", public_survey.SurveyDoneView.as_view(), name="survey-done"),
    path("<str:token>/", public_survey.SurveyLinkView.as_view(), name="survey-link"),
]

urlpatterns = [
    path("cases/", include(casework)),
    path("practitioners/<uuid:practitioner>/", include(of_practitioner)),
    path("p/", include(own_link)),
]
