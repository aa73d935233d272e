from django.urls import include, path

from volunteers import views
from volunteers.views import applications, campaigns, messages, practice, teams, volunteering

app_name = "volunteers"

of_campaign = [
    path("", campaigns.CampaignRecord.as_view(), name="campaign"),
    path("changes/", campaigns.ChangeCampaign.as_view(), name="change-campaign"),
    path("approvals/", campaigns.ApproveCampaign.as_view(), name="approve-campaign"),
    path("advertising/", campaigns.Advertise.as_view(), name="advertise"),
    path("closure/", campaigns.CloseCampaign.as_view(), name="close-campaign"),
]
of_application = [
    path("", applications.ApplicationRecord.as_view(), name="application"),
    path("campaign/", applications.ApplyToCampaign.as_view(), name="apply"),
    path("interview/", applications.ArrangeInterview.as_view(), name="interview"),
    path("interview-held/", applications.PassInterview.as_view(), name="interview-held"),
    path("referees/", applications.NameReferee.as_view(), name="add-referee"),
    path("parental-agreement/", applications.RecordParentalAgreement.as_view(), name="parental-agreement"),
    path("sign-off/", applications.SignOffYoung.as_view(), name="sign-off-young"),
    path("taking-on/", applications.TakeOn.as_view(), name="take-on"),
    path("end/", applications.EndApplication.as_view(), name="end-application"),
]

urlpatterns = [
    path("", views.Practitioners.as_view(), name="list"),
    path("me/", views.Me.as_view(), name="me"),
    path("campaigns/", campaigns.Campaigns.as_view(), name="campaigns"),
    path("campaigns/new/", campaigns.BeginCampaign.as_view(), name="begin-campaign"),
    path("campaigns/<uuid:campaign>/", include(of_campaign)),
    path("applications/", applications.Applications.as_view(), name="applications"),
    path("applications/new/", applications.WriteApplicationDown.as_view(), name="write-application"),
    path("applications/<uuid:application>/", include(of_application)),
    path("references/<uuid:reference>/", applications.RecordReference.as_view(), name="reference"),
    path("teams/", teams.Teams.as_view(), name="teams"),
    path("teams/new/", teams.ComposeTeam.as_view(), name="compose-team"),
    path("teams/<uuid:team>/", teams.TeamRecord.as_view(), name="team"),
    path("teams/places/<uuid:place>/nominees/", teams.Nominate.as_view(), name="nominate"),
    path("teams/nominees/<uuid:nominee>/dropping-out/", teams.DropNominee.as_view(), name="drop-nominee"),
    path("messages/", messages.Messages.as_view(), name="messages"),
    path("messages/new/", messages.WriteMessage.as_view(), name="write-message"),
    path("me/messages/", messages.MyMessages.as_view(), name="my-messages"),
    path("practice/", practice.PracticeList.as_view(), name="practice"),
    path("register/<uuid:learner>/", views.Register.as_view(), name="register"),
    path("<uuid:pk>/", views.PractitionerRecord.as_view(), name="detail"),
    path("<uuid:pk>/details/", views.Details.as_view(), name="details"),
    path("<uuid:pk>/status/", views.Status.as_view(), name="status"),
    path("<uuid:pk>/level/", views.SetLevel.as_view(), name="level"),
    path("<uuid:pk>/checks/", views.RecordCheck.as_view(), name="check"),
    path("<uuid:pk>/supervisions/", views.RecordSupervision.as_view(), name="supervision"),
    path("<uuid:pk>/registrations/", practice.RecordRegistration.as_view(), name="registration"),
    path("<uuid:pk>/development/", practice.RecordDevelopment.as_view(), name="development"),
    path("<uuid:pk>/observations/", practice.RecordObservation.as_view(), name="observation"),
    path("<uuid:pk>/portfolio/", practice.Portfolio.as_view(), name="portfolio"),
    path("<uuid:pk>/availability/", views.WeeklyAvailability.as_view(), name="availability"),
    path("<uuid:pk>/absences/", views.AddAbsence.as_view(), name="absence"),
    path("<uuid:pk>/extra-times/", views.AddExtraTime.as_view(), name="extra-time"),
    path("<uuid:pk>/wishes/", views.SayWishes.as_view(), name="wishes"),
    path("checks/<uuid:check>/withdrawal/", views.WithdrawCheck.as_view(), name="withdraw-check"),
    path("absences/<uuid:absence>/removal/", views.RemoveAbsence.as_view(), name="remove-absence"),
]

public = [
    path("", volunteering.VolunteerStart.as_view(), name="volunteer-start"),
    path("opportunities/<uuid:campaign>/", volunteering.VolunteerOpportunity.as_view(), name="volunteer-opportunity"),
    path("check/", volunteering.VolunteerCheck.as_view(), name="volunteer-check"),
    path("sent/", volunteering.VolunteerSent.as_view(), name="volunteer-sent"),
    path("<slug:question>/", volunteering.VolunteerQuestion.as_view(), name="volunteer-question"),
]
