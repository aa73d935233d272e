"""Rows for tests. They are saved past the scoped managers, so nobody needs to be acting."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from rj_service.accounts import models as accounts
from rj_service.accounts.roles import Role

PASSWORD = "correct horse battery staple"


class RowFactory(DjangoModelFactory):
    class Meta:
        abstract = True
        skip_postgeneration_save = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        row = model_class(*args, **kwargs)
        row.save(force_insert=True)
        return row


class ServiceAreaFactory(RowFactory):
    class Meta:
        model = accounts.ServiceArea

    slug = factory.Sequence(lambda n: f"area-{n}")
    name = factory.Sequence(lambda n: f"Area {n} RJ")
    police_force = factory.LazyAttribute(lambda area: f"{area.name} Police")


class LocalAreaFactory(RowFactory):
    class Meta:
        model = accounts.LocalArea

    service_area = factory.SubFactory(ServiceAreaFactory)
    name = factory.Sequence(lambda n: f"District {n}")


class OrganisationFactory(RowFactory):
    class Meta:
        model = accounts.Organisation

    service_area = factory.SubFactory(ServiceAreaFactory)
    name = factory.Sequence(lambda n: f"Organisation {n}")
    kind = accounts.Organisation.Kind.VICTIMS_HUB


class UserFactory(RowFactory):
    class Meta:
        model = accounts.User

    first_name = "Dana"
    last_name = factory.Sequence(lambda n: f"Surname{n}")
    email = factory.LazyAttributeSequence(lambda user, n: f"{user.last_name.lower()}.{n}@example.org")

    @classmethod
    def _build(cls, model_class, *args, **kwargs):
        user = model_class(*args, **kwargs)
        user.set_password(PASSWORD)
        return user

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        user = cls._build(model_class, *args, **kwargs)
        user.save(force_insert=True)
        return user


class MembershipFactory(RowFactory):
    class Meta:
        model = accounts.Membership

    user = factory.SubFactory(UserFactory)
    role = Role.COORDINATOR
    service_area = factory.SubFactory(ServiceAreaFactory)
    started_on = date(2024, 1, 1)


def member(role: str, area=None, organisation=None, **names) -> accounts.User:
    """A person with one current membership."""
    user = UserFactory(**names)
    MembershipFactory(user=user, role=role, service_area=area, organisation=organisation)
    return user
