"""What the engine says of input that it will not work on."""


class BadProblem(ValueError):
    """Input that no solver is asked about: `what` is wrong, `where` it stands, and the `value` found there.

    `what` is one of: shape, not finite, negative, out of range, empty, duplicate, unknown, contradiction.
    """

    def __init__(self, what: str, where: str, value: object = None) -> None:
        super().__init__(f"{where}: {what}" if value is None else f"{where}: {what} ({value})")
        self.what, self.where, self.value = what, where, value
