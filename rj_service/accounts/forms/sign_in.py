"""allauth's forms in the service's words. Settings name them in ACCOUNT_FORMS and MFA_FORMS."""

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn import forms as webauthn
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from rj_service.accounts.actions import ask_password_link
from rj_service.accounts.adapters import NOT_RIGHT, TOO_MANY
from rj_service.accounts.sign_in_events import record_wrong_code
from rj_service.ui.forms import GovukForm

PASSWORD_HINT = "12 characters or more. Three words that have nothing to do with each other are a good start."  # noqa: S105


def _plain(form: forms.BaseForm, labels: dict[str, str]) -> None:
    for name, label in labels.items():
        field = form.fields[name]
        field.label = label
        field.help_text = PASSWORD_HINT if name == "password1" else ""
        field.widget.attrs.pop("placeholder", None)
        # One sentence however the address is wrong: which part it was is nobody's business.
        if isinstance(field, forms.EmailField):
            field.error_messages["required"] = "Enter your email address"
            field.error_messages["invalid"] = "Enter an email address, like name@example.org"


class SignInForm(GovukForm, account.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self, {"login": "Email address", "password": "Password"})
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class AskPasswordLinkForm(GovukForm, account.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self, {"email": "Email address"})

    def save(self, request, **kwargs) -> str:
        """The mail goes out from a worker, so a known address takes no longer than an unknown one."""
        ask_password_link(self.cleaned_data["email"])
        return self.cleaned_data["email"]


class NewPasswordForm(GovukForm, account.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self, {"password1": "New password", "password2": "New password again"})


class ChangePasswordForm(GovukForm, account.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(
            self,
            {"oldpassword": "Password now", "password1": "New password", "password2": "New password again"},
        )


class PasswordAgainForm(GovukForm, account.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self, {"password": "Password"})


class _CodeForm(GovukForm):
    """A code counts once, in every process, and wrong ones count towards the lock-out."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = "Code"
        code.help_text = "6 digits from your phone’s app, or one of your recovery codes"
        code.widget.attrs.pop("placeholder", None)
        code.widget.attrs.update({"inputmode": "numeric", "class": "govuk-input--width-10", "spellcheck": "false"})

    def clean_code(self) -> str:
        refuse_locked(context.request, self.user)
        try:
            with transaction.atomic():
                # One guess at a time for one person: two requests cannot spend the same code.
                list(Authenticator.objects.select_for_update().filter(user=self.user).order_by("pk"))
                code = super().clean_code()
                _spend(self.authenticator, code)
        except ValidationError:
            record_wrong_code(context.request, self.user)
            raise
        return code

    def _emit_authentication_failed(self, authenticator) -> None:
        """Counted by `clean_code` instead, once the transaction that holds the lock is over."""


def refuse_locked(request, user) -> None:
    if not AxesProxyHandler.is_allowed(request, {"email": user.email}):
        request.axes_locked_out = True
        raise ValidationError(TOO_MANY)


def _spend(authenticator: Authenticator, code: str) -> None:
    if authenticator.type != Authenticator.Type.TOTP:
        return  # a recovery code marks itself
    secret = decrypt(authenticator.data["secret"])
    given = code.replace(" ", "")
    step = next((c for c in yield_hotp_counters_from_time() if format_hotp_value(hotp_value(secret, c)) == given), None)
    if step is None or step <= authenticator.data.get("last_step", 0):
        raise ValidationError(NOT_RIGHT)
    authenticator.data["last_step"] = step
    authenticator.save(update_fields=["data"])


class CodeForm(_CodeForm, mfa.AuthenticateForm):
    """The page around it offers what this person set up, and nothing else: the password was right by then."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ways = set(Authenticator.objects.filter(user=self.user).values_list("type", flat=True))
        self.has_app = Authenticator.Type.TOTP in ways
        self.has_key = Authenticator.Type.WEBAUTHN in ways
        if not self.has_app:
            self.fields["code"].label = "Recovery code"
            self.fields["code"].help_text = "One of those that you kept when you added your key"


class CodeAgainForm(_CodeForm, mfa.ReauthenticateForm):
    pass


class SetUpAppForm(GovukForm, totp.ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = "Code that the app shows"
        code.widget.attrs.pop("placeholder", None)
        code.widget.attrs.update({"inputmode": "numeric", "class": "govuk-input--width-10", "spellcheck": "false"})


class RemoveAppForm(GovukForm, totp.DeactivateTOTPForm):
    pass


class AddKeyForm(GovukForm, webauthn.AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Name of the key"
        self.fields["name"].help_text = "So that you can tell your keys apart"
