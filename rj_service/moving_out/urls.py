from django.urls import path

from rj_service.moving_out import views

app_name = "moving_out"
urlpatterns = [
    path("", views.ArchivesView.as_view(), name="archives"),
    path("new/", views.AskForArchiveView.as_view(), name="ask"),
    path("<uuid:pk>/", views.ArchiveView.as_view(), name="archive"),
    path("<uuid:pk>/answer/", views.AnswerArchiveView.as_view(), name="answer"),
    path("<uuid:pk>/take-back/", views.TakeBackArchiveView.as_view(), name="take-back"),
    path("<uuid:pk>/download/", views.DownloadArchiveView.as_view(), name="download"),
]
