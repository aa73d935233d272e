"""No table escapes its grants, no personal model its scope, no field its classification."""

import psycopg2
import pytest
from django.apps import apps
from django.db import connection, models
from django.db.utils import ProgrammingError
from django_scopes import ScopeError

from rj_service.audit.classification import Classified
from rj_service.audit.grants import grants_of
from rj_service.audit.models import DomainEvent
from tests.catalogue import problems
from tests.database import owner_connection

OWN_APPS = {
    "audit",
    "jobs",
    "ui",
    "accounts",
    "documents",
    "notifications",
    "lists",
    "public_forms",
    "moving_out",
    "operations",
    "training",
    "referrals",
}
OWN_APPS |= {"volunteers", "cases", "reporting"}
# Tables of other packages, and what they hold. A new one is looked at before it is added.
OTHERS = {
    "account.EmailAddress": "allauth's copy of an account's email",
    "account.EmailConfirmation": "not used: accounts exist by invitation",
    "auth.Group": "not used: roles are in code",
    "auth.Group_permissions": "not used: roles are in code",
    "auth.Permission": "not used: roles are in code",
    "axes.AccessAttempt": "failed sign-ins, for the lockout",
    "axes.AccessAttemptExpiration": "ends of lockouts",
    "axes.AccessFailureLog": "not used",
    "axes.AccessLog": "sign-ins and their addresses",
    "contenttypes.ContentType": "names of models",
    "mfa.Authenticator": "second factors",
    "pghistory.Context": "not used: the context is in each history row",
    "pghistory.Events": "no table: a query over every history table",
    "pghistory.MiddlewareEvents": "no table: the same",
    "sessions.Session": "sessions",
}
SCOPED_RETENTION = {"case", "practitioner", "training"}
# Accounts are not of one area: a row is reached by the person it belongs to, or through a permission of its own.
# A stored file names nobody and is reached through its owner's foreign key alone. The words of a form whose session
# ended are encrypted and given back to the same person, before they act again; so are those of somebody at a public form,
# who belongs to no area yet, to the same session alone.
UNSCOPED = {"accounts.Invitation", "accounts.KeptForm", "accounts.User", "documents.StoredFile"}
# So are the words of a search, to whoever searched.
UNSCOPED |= {"lists.Search", "public_forms.UnsentAnswers"}


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in OWN_APPS]


def is_history(model) -> bool:
    return hasattr(model, "pgh_tracked_model")


def declared() -> list[type[models.Model]]:
    """Models as somebody wrote them: no history, and no table of a many-to-many field, which holds two keys."""
    return [model for model in own_models() if not is_history(model) and not model._meta.auto_created]


def test_the_catalogue_is_as_the_models_say(db):
    with connection.cursor() as cursor:
        assert problems(cursor) == []


MUTANTS = {
    "a table nobody knows": "create table public.stray (id int)",
    "a view": "create view public.peek as select 1",
    "a materialised view": "create materialized view public.peek as select 1",
    "public may read": "grant select on referrals_person to public",
    "the application may change the trail": "grant update on audit_domainevent to rj_app",
    "the application may write history": "grant insert on referrals_personevent to rj_app",
    "the application may empty a table": "grant truncate on referrals_person to rj_app",
    "a column on its own": "grant update (detail) on audit_domainevent to rj_app",
    "the backup may write": "grant insert on referrals_person to rj_backup",
    "a grant taken away": "revoke insert on audit_accesslog from rj_app",
    "an open owner's function": "create function public.door() returns int language sql security definer"
    " set search_path = pg_catalog, public, pg_temp as 'select 1'",
    "an owner's function on the caller's path": "alter function rj_seal(text) reset search_path",
    "history written by the caller": "alter function {history} security invoker",
    "triggers anybody may silence": "create or replace function public._pgtrigger_should_ignore(trigger_name name)"
    " returns boolean language plpgsql as 'begin return current_setting(''pgtrigger.ignore'', true) <> ''''; end'",
    "the application may create": "grant create on schema public to rj_app",
    "the application may make temporary tables": "grant temporary on database {database} to rj_app",
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_the_catalogue_test_sees(db, mutant):
    owner = owner_connection()
    owner.autocommit = False
    with owner.cursor() as cursor:
        cursor.execute("select oid::regprocedure::text from pg_proc where prosrc like '%pgh_created_at%' limit 1")
        names = {"history": cursor.fetchone()[0], "database": f'"{connection.settings_dict["NAME"]}"'}
        cursor.execute(MUTANTS[mutant].format(**names))
        found = problems(cursor)
    owner.rollback()
    owner.close()
    assert len(found) == 1, found


@pytest.mark.parametrize("attempt", ["update {} set {} = {}", "delete from {} where true or {} = {}", "truncate {}"])
@pytest.mark.parametrize("model", [model for model in own_models() if "UPDATE" not in grants_of(model)])
def test_the_application_cannot_change_the_past(db, model, attempt):
    key = model._meta.pk.column
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(attempt.format(model._meta.db_table, key, key))


@pytest.mark.parametrize("model", [model for model in own_models() if is_history(model)])
def test_the_application_cannot_forge_history(db, model):
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(f"insert into {model._meta.db_table} default values")


@pytest.mark.parametrize(
    "statement",
    [
        "alter table referrals_person disable trigger all",
        "drop table referrals_person",
        "set session_replication_role = replica",
        "create table mine (id int)",
        "create temporary table referrals_person (id int)",
        "set role rj_owner",
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'rj_owner' and 1 / 0 = 1",
    ],
)
def test_the_application_cannot_reach_round_the_walls(db, statement):
    with pytest.raises(Exception) as refusal, connection.cursor() as cursor:
        cursor.execute(statement)
    assert isinstance(refusal.value.__cause__, psycopg2.Error)


def test_the_application_cannot_silence_history(cast):
    user = cast["coordinator"]
    history = apps.get_model("accounts", "UserEvent")
    before = history.objects.filter(pgh_obj_id=user.pk).count()
    with connection.cursor() as cursor:
        cursor.execute(
            "select array_agg(tgname)::text from pg_trigger"
            " where tgrelid = 'accounts_user'::regclass and not tgisinternal"
        )
        triggers = cursor.fetchone()[0]
        cursor.execute("select set_config('pgtrigger.ignore', %s, true)", [triggers])
        cursor.execute("update accounts_user set last_name = 'Changed' where id = %s", [user.pk])
    assert history.objects.filter(pgh_obj_id=user.pk).count() == before + 1


@pytest.mark.parametrize("model", declared(), ids=lambda model: model._meta.label)
def test_every_field_is_classified_exactly_once(model):
    classified = getattr(model, "classified", None)
    assert isinstance(classified, Classified), f"{model._meta.label} says nothing about its fields"
    assert sorted(classified.fields) == sorted(field.name for field in model._meta.concrete_fields)
    assert set(classified.not_in_subject_access.split()) <= set(classified.fields)


@pytest.mark.parametrize("model", [model for model in own_models() if is_history(model)], ids=lambda m: m._meta.label)
def test_history_adds_nothing_to_what_is_classified(model):
    own = {field.name for field in model._meta.concrete_fields if not field.name.startswith("pgh_")}
    assert own <= set(model.pgh_tracked_model.classified.fields)


def test_tables_of_other_packages_are_known():
    found = {model._meta.label for model in apps.get_models(include_auto_created=True)} - {
        model._meta.label for model in own_models()
    }
    assert found == OTHERS.keys()


def is_scoped(model) -> bool:
    try:
        model._default_manager.first()
    except ScopeError:
        return True
    return False


@pytest.mark.parametrize("model", declared(), ids=lambda model: model._meta.label)
def test_nobody_reads_people_without_acting(db, model):
    of_people = model.classified.about_people or model.classified.retention in SCOPED_RETENTION
    assert is_scoped(model) or not of_people or model._meta.label in UNSCOPED


def test_the_trail_holds_no_text_of_a_person():
    texts = {f.name for f in DomainEvent._meta.concrete_fields if isinstance(f, models.TextField | models.CharField)}
    assert texts == {"actor_role", "object_label", "verb"}
