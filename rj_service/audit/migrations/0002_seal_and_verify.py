"""The sealer and the verifier are the owner's functions: the application may call them and can do nothing else to a past row."""

from django.db import migrations

SEAL = """
CREATE FUNCTION rj_seal(which text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    trail_table text := CASE which WHEN 'event' THEN 'audit_domainevent' WHEN 'access' THEN 'audit_accesslog' END;
    previous bytea; next_block bigint; sealed bigint; newest bigint; sum bytea;
BEGIN
    IF trail_table IS NULL THEN RAISE EXCEPTION 'no such trail: %', which; END IF;
    IF NOT pg_try_advisory_xact_lock(hashtext('rj_seal ' || which)) THEN RETURN 0; END IF;
    SELECT block, digest INTO next_block, previous FROM audit_seal WHERE trail = which ORDER BY block DESC LIMIT 1;
    next_block := coalesce(next_block, 0) + 1;
    EXECUTE format('UPDATE %I SET block = $1 WHERE block IS NULL AND xid < pg_snapshot_xmin(pg_current_snapshot())',
                   trail_table) USING next_block;
    GET DIAGNOSTICS sealed = ROW_COUNT;
    IF sealed = 0 THEN RETURN 0; END IF;
    EXECUTE format('SELECT max(id), sha256($2 || convert_to(string_agg((to_jsonb(t) - ''block'')::text, E''\\n''
                    ORDER BY id), ''UTF8'')) FROM %I t WHERE block = $1', trail_table)
        INTO newest, sum USING next_block, coalesce(previous, ''::bytea);
    INSERT INTO audit_seal (trail, block, row_count, last_row_id, digest)
        VALUES (which, next_block, sealed, newest, sum);
    RETURN sealed;
END $$;

CREATE FUNCTION rj_verify(which text) RETURNS TABLE (block bigint, what text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    trail_table text := CASE which WHEN 'event' THEN 'audit_domainevent' WHEN 'access' THEN 'audit_accesslog' END;
BEGIN
    IF trail_table IS NULL THEN RAISE EXCEPTION 'no such trail: %', which; END IF;
    RETURN QUERY EXECUTE format($q$
        WITH sealed AS (
            SELECT s.block, s.digest, s.row_count, lag(s.digest) OVER w AS previous, lag(s.block) OVER w AS before
            FROM audit_seal s WHERE s.trail = $1 WINDOW w AS (ORDER BY s.block)
        ), found AS (
            SELECT t.block, count(*) AS row_count,
                   convert_to(string_agg((to_jsonb(t) - 'block')::text, E'\\n' ORDER BY id), 'UTF8') AS body
            FROM %I t WHERE t.block IS NOT NULL GROUP BY t.block
        )
        SELECT coalesce(s.block, f.block), CASE
            WHEN s.block IS NULL THEN 'rows claim a block that was never sealed'
            WHEN f.block IS NULL THEN 'every row of the block is gone'
            WHEN s.before IS DISTINCT FROM s.block - 1 AND s.block > 1 THEN 'the seal before it is gone'
            ELSE 'its rows are not what was sealed' END
        FROM sealed s FULL JOIN found f USING (block)
        WHERE s.block IS NULL OR f.block IS NULL
           OR s.digest <> sha256(coalesce(s.previous, ''::bytea) || f.body)
           OR (s.before IS DISTINCT FROM s.block - 1 AND s.block > 1)
        ORDER BY 1$q$, trail_table) USING which;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(SEAL, "DROP FUNCTION rj_verify(text); DROP FUNCTION rj_seal(text);"),
    ]
