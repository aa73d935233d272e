"""What is wrong with the database's catalogue, as sentences: empty when nothing is."""

from collections import defaultdict

from django.conf import settings

from rj_service.audit.grants import tables

SEARCH_PATH = "search_path=pg_catalog, public, pg_temp"


def problems(cursor) -> list[str]:
    found: list[str] = []
    for check in (_relations, _grants, _column_grants, _functions, _history_functions, _role, _database):
        found += check(cursor)
    return found


def application() -> str:
    return settings.RJ_APP_ROLE


def _relations(cursor) -> list[str]:
    cursor.execute(
        "select relname, relkind from pg_class"
        " where relnamespace = 'public'::regnamespace and relkind not in ('i', 'S')"
    )
    kinds = dict(cursor.fetchall())
    found = [f"{name} is no plain table" for name, kind in kinds.items() if kind != "r"]
    found += [f"{name} has no model" for name, kind in kinds.items() if kind == "r" and name not in tables()]
    return found + [f"{name} has no table" for name in tables().keys() - kinds.keys()]


def _grants(cursor) -> list[str]:
    cursor.execute(
        "select c.relname, c.relkind, pg_get_userbyid(c.relowner),"
        " case a.grantee when 0 then 'PUBLIC' else a.grantee::regrole::text end, a.privilege_type, a.is_grantable"
        " from pg_class c cross join lateral aclexplode(c.relacl) a"
        " where c.relnamespace = 'public'::regnamespace"
    )
    found, held = [], defaultdict(set)
    for name, kind, owner, grantee, privilege, grantable in cursor.fetchall():
        if grantee == owner:
            continue
        if grantee != application() or grantable:
            found.append(f"{grantee} holds {privilege} on {name}")
        elif kind == "S":
            found += [] if privilege == "USAGE" else [f"{privilege} on sequence {name}"]
        else:
            held[name].add(privilege)
    for name, wanted in tables().items():
        if held[name] != set(wanted.split(", ")):
            found.append(f"{name}: {', '.join(sorted(held[name])) or 'nothing'} is granted, not {wanted}")
    return found


def _column_grants(cursor) -> list[str]:
    cursor.execute(
        "select c.relname, t.attname from pg_attribute t join pg_class c on c.oid = t.attrelid"
        " where c.relnamespace = 'public'::regnamespace and t.attacl is not null"
    )
    return [f"{table}.{column} has a grant of its own" for table, column in cursor.fetchall()]


def _functions(cursor) -> list[str]:
    cursor.execute(
        "select p.oid::regprocedure::text, coalesce(p.proconfig, '{}'), p.prorettype = 'trigger'::regtype, exists("
        "  select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)"
        " from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef"
    )
    found = []
    for name, configuration, is_trigger, is_public in cursor.fetchall():
        if SEARCH_PATH not in configuration:
            found.append(f"{name} runs as the owner with a search path of the caller's")
        if is_public and not is_trigger:
            found.append(f"everybody may run {name} as the owner")
    return found


def _history_functions(cursor) -> list[str]:
    cursor.execute(
        "select proname, prosrc, prosecdef from pg_proc where pronamespace = 'public'::regnamespace"
        " and (prosrc like '%%pgh_created_at%%' or proname = '_pgtrigger_should_ignore')"
    )
    found = []
    for name, source, definer in cursor.fetchall():
        if name == "_pgtrigger_should_ignore":
            found += [] if "session_user" in source else ["anybody may silence the triggers"]
        elif not definer:
            found.append(f"{name} writes history as the caller")
    return found


def _role(cursor) -> list[str]:
    role = application()
    found = []
    cursor.execute(
        "select rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls"
        " from pg_roles where rolname = %s",
        [role],
    )
    found += [f"{role} has an attribute of an administrator"] if cursor.fetchone()[0] else []
    cursor.execute(
        "select roleid::regrole::text from pg_auth_members where member = %s::regrole"
        " union select member::regrole::text from pg_auth_members where roleid = %s::regrole",
        [role, role],
    )
    found += [f"{role} and {other} are members of each other" for (other,) in cursor.fetchall()]
    cursor.execute(
        "select classid::regclass::text, objid from pg_shdepend where refobjid = %s::regrole and deptype = 'o'"
        " and (dbid = 0 or dbid = (select oid from pg_database where datname = current_database()))",
        [role],
    )
    found += [f"{role} owns {kind} {object_id}" for kind, object_id in cursor.fetchall()]
    cursor.execute("select nspname from pg_namespace where has_schema_privilege(%s, oid, 'CREATE')", [role])
    return found + [f"{role} may create in {schema}" for (schema,) in cursor.fetchall()]


def _database(cursor) -> list[str]:
    cursor.execute(
        "select privilege from unnest(array['CREATE', 'TEMP']) privilege"
        " where has_database_privilege(%s, current_database(), privilege)",
        [application()],
    )
    return [f"{application()} holds {privilege} on the database" for (privilege,) in cursor.fetchall()]
