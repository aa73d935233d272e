from django.urls import path

from rj_service.lists import views

app_name = "lists"
urlpatterns = [
    path("<str:list>/save-filters/", views.SaveFiltersView.as_view(), name="save-filters"),
    path("filters/<uuid:pk>/delete/", views.DeleteFiltersView.as_view(), name="delete-filters"),
    path("<str:list>/file/", views.AskForFileView.as_view(), name="ask-for-file"),
    path("files/<uuid:pk>/", views.FileView.as_view(), name="file"),
    path("files/<uuid:pk>/answer/", views.AnswerFileView.as_view(), name="answer-file"),
    path("files/<uuid:pk>/take-back/", views.TakeBackFileView.as_view(), name="take-back-file"),
    path("files/<uuid:pk>/download/", views.DownloadView.as_view(), name="download"),
]
