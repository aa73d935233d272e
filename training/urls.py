from django.urls import path

from training import views

app_name = "training"
urlpatterns = [
    path("", views.Cohorts.as_view(), name="list"),
    path("cohorts/new/", views.NewCohort.as_view(), name="create-cohort"),
    path("cohorts/<uuid:pk>/", views.CohortRecord.as_view(), name="cohort"),
    path("cohorts/<uuid:pk>/enrolments/", views.Enrol.as_view(), name="enrol"),
    path("cohorts/<uuid:pk>/completion/", views.CompleteCohort.as_view(), name="complete"),
    path("sessions/<uuid:session>/register/", views.Register.as_view(), name="register"),
    path("enrolments/<uuid:enrolment>/end/", views.DropOut.as_view(), name="drop-out"),
    path("enrolments/<uuid:enrolment>/result/", views.Result.as_view(), name="result"),
    path("courses/", views.Courses.as_view(), name="courses"),
    path("courses/new/", views.NewCourse.as_view(), name="create-course"),
    path("learners/", views.Learners.as_view(), name="learners"),
    path("learners/new/", views.NewLearner.as_view(), name="create-learner"),
    path("learners/<uuid:learner>/", views.LearnerRecord.as_view(), name="learner"),
]
