"""What an action refuses with. The message is a sentence for the person who asked; a view puts it beside the typed words."""


class DomainError(Exception):
    def __init__(self, message: str, *, code: str = "", field: str | None = None):
        super().__init__(message)
        self.message, self.code, self.field = message, code, field


class NotAllowed(DomainError):
    """Visible, but not this person's to do: 403."""


class StaleState(DomainError):
    """Somebody else was first: nothing was done twice."""
