from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "rj_service.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from allauth.account import signals as account
        from allauth.mfa import signals as mfa

        from rj_service.accounts import sign_in_events

        account.user_logged_in.connect(sign_in_events.signed_in)
        account.user_logged_out.connect(sign_in_events.signed_out)
        account.password_changed.connect(sign_in_events.password_changed)
        account.password_reset.connect(sign_in_events.password_reset)
        mfa.authenticator_added.connect(sign_in_events.factor_added)
        mfa.authenticator_removed.connect(sign_in_events.factor_removed)
        mfa.authenticator_reset.connect(sign_in_events.recovery_codes_made)
