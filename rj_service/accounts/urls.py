from django.urls import path

from rj_service.accounts.views import areas, invitation, own, people, recovery

app_name = "accounts"
urlpatterns = [
    path("people/", people.PeopleView.as_view(), name="people"),
    path("people/invite/", people.InviteView.as_view(), name="invite"),
    path("people/recoveries/", recovery.RecoveriesView.as_view(), name="recoveries"),
    path("people/recoveries/<uuid:pk>/", recovery.CheckIdentityView.as_view(), name="check-identity"),
    path("people/recoveries/<uuid:pk>/refusal/", recovery.RefuseRecoveryView.as_view(), name="refuse-recovery"),
    path(
        "people/invitations/<uuid:pk>/withdrawal/",
        people.WithdrawInvitationView.as_view(),
        name="withdraw-invitation",
    ),
    path("people/roles/<uuid:pk>/end/", people.EndRoleView.as_view(), name="end-role"),
    path("people/<uuid:pk>/", people.PersonView.as_view(), name="person"),
    path("people/<uuid:pk>/roles/", people.GiveRoleView.as_view(), name="give-role"),
    path("people/<uuid:pk>/disabling/", people.DisableView.as_view(), name="disable"),
    path("areas/", areas.AreasView.as_view(), name="areas"),
    path("areas/new/", areas.CreateAreaView.as_view(), name="create-area"),
    path("areas/<uuid:pk>/local-areas/", areas.AddLocalAreaView.as_view(), name="add-local-area"),
    path("areas/<uuid:pk>/postcodes/", areas.OutwardCodesView.as_view(), name="outward-codes"),
    path("areas/<uuid:pk>/organisations/", areas.AddOrganisationView.as_view(), name="add-organisation"),
    path(
        "areas/organisations/<uuid:pk>/confirmation/",
        areas.ConfirmOrganisationView.as_view(),
        name="confirm-organisation",
    ),
    path("change-role/", own.ChangeRoleView.as_view(), name="change-role"),
    path("recovery/", recovery.RecoveryView.as_view(), name="recovery"),
    path("invitations/<str:token>/", invitation.InvitationView.as_view(), name="invitation"),
]
