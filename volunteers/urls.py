from django.urls import path

from volunteers import views

app_name = "volunteers"
urlpatterns = [
    path("", views.Practitioners.as_view(), name="list"),
    path("me/", views.Me.as_view(), name="me"),
    path("register/<uuid:learner>/", views.Register.as_view(), name="register"),
    path("<uuid:pk>/", views.PractitionerRecord.as_view(), name="detail"),
    path("<uuid:pk>/details/", views.Details.as_view(), name="details"),
    path("<uuid:pk>/status/", views.Status.as_view(), name="status"),
    path("<uuid:pk>/level/", views.SetLevel.as_view(), name="level"),
    path("<uuid:pk>/checks/", views.RecordCheck.as_view(), name="check"),
    path("<uuid:pk>/supervisions/", views.RecordSupervision.as_view(), name="supervision"),
    path("<uuid:pk>/availability/", views.WeeklyAvailability.as_view(), name="availability"),
    path("<uuid:pk>/absences/", views.AddAbsence.as_view(), name="absence"),
    path("<uuid:pk>/extra-times/", views.AddExtraTime.as_view(), name="extra-time"),
    path("<uuid:pk>/wishes/", views.SayWishes.as_view(), name="wishes"),
    path("checks/<uuid:check>/withdrawal/", views.WithdrawCheck.as_view(), name="withdraw-check"),
    path("absences/<uuid:absence>/removal/", views.RemoveAbsence.as_view(), name="remove-absence"),
]
