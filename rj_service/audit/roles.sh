#!/bin/bash
# The application's role owns nothing; the owner is used by `migrate` alone; backups read and never write. Its statements are
# short and ask much about who may see what: to compile one (jit) takes longer than to run it.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -U postgres \
  -v owner="$RJ_OWNER_PASSWORD" -v app="$RJ_APP_PASSWORD" -v backup="$RJ_BACKUP_PASSWORD" <<'SQL'
create role rj_owner login password :'owner';
create role rj_app login password :'app';
create role rj_backup login password :'backup';
grant pg_read_all_data to rj_backup;
alter role rj_app set statement_timeout = '60s';
alter role rj_app set jit = off;
alter role rj_app set idle_in_transaction_session_timeout = '5min';
create database rj owner rj_owner;
revoke all on database rj from public;
grant connect on database rj to rj_app, rj_backup;
SQL
