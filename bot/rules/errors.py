"""The three ways an outside call can fail, and bad input. Adapters raise these and nothing else."""


class HotlineError(Exception):
    """Base of the product's own errors. The message is for people who operate it, in English."""


class Unavailable(HotlineError):
    """The other side did not answer in time, or not at all. Trying again later may help."""


class Rejected(HotlineError):
    """The other side, or a rule, said no: trying the same again will not help.

    ``field`` names what was wrong where one field is to blame; ``code`` is a stable word for it.
    """

    def __init__(self, message: str, *, code: str = "rejected", field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.field = field


class NotFound(HotlineError):
    """There is no such thing."""
