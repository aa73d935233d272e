"""The history of an application goes with it, by the owner's function: the application's login cannot touch a past row."""

from django.db import migrations

FORGET = """
CREATE FUNCTION rj_forget_application(key uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM volunteers_application WHERE id = key) THEN
        RAISE EXCEPTION 'this application is still here';
    END IF;
    IF NOT EXISTS (SELECT FROM volunteers_applicationevent WHERE pgh_obj_id = key AND pgh_label = 'delete'
                   AND status IN ('not_taken_on', 'withdrew')) THEN
        RAISE EXCEPTION 'no application that had ended was deleted under this key';
    END IF;
    DELETE FROM volunteers_applicationstepevent WHERE application_id = key;
    DELETE FROM volunteers_referenceevent WHERE application_id = key;
    DELETE FROM volunteers_safeguardevent WHERE application_id = key;
    DELETE FROM volunteers_applicationevent WHERE pgh_obj_id = key;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0001_initial")]

    operations = [migrations.RunSQL(FORGET, "DROP FUNCTION rj_forget_application(uuid);")]
