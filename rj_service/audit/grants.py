"""The grants, sealed after every migrate: a new table stays closed to the application until it is named here or by its model."""

from django.apps import apps
from django.conf import settings
from django.db import connection

ALL = "SELECT, INSERT, UPDATE, DELETE"
OWN_FUNCTIONS = ("rj_seal(text)", "rj_verify(text)", "rj_forget_application(uuid)")
SHOULD_IGNORE = """
CREATE OR REPLACE FUNCTION {name}(trigger_name NAME) RETURNS BOOLEAN AS $$
BEGIN
    RETURN session_user = '{owner}'
       AND coalesce(current_setting('pgtrigger.ignore', true), '') <> ''
       AND trigger_name = ANY(current_setting('pgtrigger.ignore', true)::text[]);
END $$ LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
"""


def app_role() -> str:
    # Not DATABASES["default"]["USER"]: that names the owner while it migrates.
    return settings.RJ_APP_ROLE


def grants_of(model) -> str:
    """What the application may do with a model's table. History is written by triggers alone."""
    if hasattr(model, "pgh_tracked_model"):
        return "SELECT"
    return getattr(model, "rj_grants", ALL)


def _has_a_table(model) -> bool:
    return model._meta.managed and not model._meta.proxy


def tables() -> dict[str, str]:
    """Every table and its grants, `django_migrations` included."""
    models = (model for model in apps.get_models(include_auto_created=True) if _has_a_table(model))
    named = {model._meta.db_table: grants_of(model) for model in models}
    return {**named, "django_migrations": "SELECT"}


def seal_grants(sender=None, **kwargs) -> None:
    """Receiver of the last app's post_migrate. Does nothing unless the owner is signed in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] != settings.RJ_OWNER["USER"]:
            return
        cursor.execute("SET lock_timeout = '5s'")
        _seal_tables(cursor)
        _seal_functions(cursor)


def _seal_tables(cursor) -> None:
    role = app_role()
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    present = {row[0] for row in cursor.fetchall()}
    cursor.execute(
        "SELECT table_name, string_agg(privilege_type, ', ' ORDER BY privilege_type) FROM information_schema.role_table_grants"
        " WHERE grantee = %s AND table_schema = 'public' GROUP BY table_name",
        [role],
    )
    held = dict(cursor.fetchall())
    for table, wanted in tables().items():
        if table in present and held.get(table) != ", ".join(sorted(wanted.split(", "))):
            cursor.execute(f'REVOKE ALL ON "{table}" FROM PUBLIC, "{role}"')
            cursor.execute(f'GRANT {wanted} ON "{table}" TO "{role}"')
    cursor.execute(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"')


def _seal_functions(cursor) -> None:
    cursor.execute(
        "SELECT p.oid::regprocedure::text, p.proname, p.prosecdef, p.prosrc FROM pg_proc p"
        " JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public'"
        " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
    )
    for signature, name, definer, source in cursor.fetchall():
        if "pgh_created_at" in source and not definer:
            cursor.execute(f"ALTER FUNCTION {signature} SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp")
        if name == "_pgtrigger_should_ignore" and "session_user" not in source:
            cursor.execute(SHOULD_IGNORE.format(name=name, owner=settings.RJ_OWNER["USER"]))
    for signature in OWN_FUNCTIONS:
        cursor.execute("SELECT to_regprocedure(%s) IS NULL", [signature])
        if cursor.fetchone()[0]:  # an app that has not migrated so far
            continue
        cursor.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        cursor.execute(f'GRANT EXECUTE ON FUNCTION {signature} TO "{app_role()}"')
