"""Field history by database triggers: bulk updates and raw SQL are seen, and deletes too."""

import pghistory


def tracked(model=None, *, exclude=()):
    """Class decorator: every insert, update and delete of a row goes to its history table."""

    def track(cls):
        trackers = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
        return pghistory.track(*trackers, exclude=list(exclude) or None)(cls)

    return track if model is None else track(model)
