import re

from django import forms
from django.contrib.auth import password_validation

from rj_service.accounts import policy
from rj_service.accounts.actions.recovery import METHODS
from rj_service.accounts.forms.sign_in import PASSWORD_HINT
from rj_service.accounts.models import Organisation, ServiceArea, User
from rj_service.accounts.roles import Role
from rj_service.ui.forms import GovukForm, WordsField


class RoleForm(GovukForm):
    """A role with its place. Offers only what the person may give, in the areas they work in."""

    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect)
    service_area = forms.ModelChoiceField(label="Service area", queryset=ServiceArea.objects.none(), required=False)
    organisation = forms.ModelChoiceField(
        label="Organisation",
        queryset=Organisation.objects.none(),
        required=False,
        help_text="For people of the Victims’ Hub and of partner organisations",
    )

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        given = policy.roles_to_give(by)
        areas = ServiceArea.objects.visible_to(by)
        self.fields["role"].choices = [(role.value, role.label) for role in Role if role in given]
        self.fields["service_area"].queryset = areas
        self.fields["organisation"].queryset = Organisation.objects.filter(service_area__in=areas)
        if by.acting and by.acting.service_area_id:
            self.fields["service_area"].initial = by.acting.service_area_id


class InviteForm(RoleForm):
    first_name = forms.CharField(label="First name", max_length=80)
    last_name = forms.CharField(label="Last name", max_length=80)
    email = forms.EmailField(label="Work email address", max_length=254)
    field_order = ["first_name", "last_name", "email", "role", "service_area", "organisation"]


class ChoosePasswordForm(GovukForm):
    """The first password of somebody who was invited."""

    password = forms.CharField(
        label="Password",
        help_text=PASSWORD_HINT,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, person: User, **kwargs):
        self.person = person
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        password_validation.validate_password(password, self.person)
        return password


class RecoveryForm(GovukForm):
    email = forms.EmailField(
        label="Email address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )


class CheckForm(GovukForm):
    method = forms.ChoiceField(label="How did you check who it is?", choices=METHODS.items(), widget=forms.RadioSelect)


class ChangeRoleForm(GovukForm):
    membership = forms.ChoiceField(label="Area and role", widget=forms.RadioSelect)

    def __init__(self, *args, memberships, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["membership"].choices = [(str(m.pk), _place(m)) for m in memberships]


def _place(membership) -> str:
    where = [str(place) for place in (membership.organisation, membership.service_area) if place]
    return ", ".join([membership.get_role_display(), *where])


class AreaForm(GovukForm):
    name = forms.CharField(label="Name", max_length=100)
    slug = forms.SlugField(
        label="Short name for addresses and files",
        max_length=60,
        help_text="Small letters and hyphens, like cambridgeshire",
    )
    police_force = forms.CharField(label="Police force", max_length=100, required=False)


class LocalAreaForm(GovukForm):
    name = forms.CharField(label="Name of the local area", max_length=100)
    is_pilot = forms.BooleanField(label="This is a pilot area", required=False)


class OutwardCodesForm(GovukForm):
    codes = WordsField(
        label="First halves of the postcodes that this area serves",
        help_text="For example: CB1 PE1 PE9*. The star says that a part belongs to another service: people there are asked.",
        required=False,
        max_length=5000,
    )

    def clean_codes(self) -> list[str]:
        return re.split(r"[\s,;]+", self.cleaned_data["codes"].strip()) if self.cleaned_data["codes"].strip() else []


class OrganisationForm(GovukForm):
    name = forms.CharField(label="Name of the organisation", max_length=150)
    kind = forms.ChoiceField(label="Kind", choices=Organisation.Kind.choices)
