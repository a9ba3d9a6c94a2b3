"""Which projects are private by what is remembered, and public still by what the store holds.

Between the two lies the time that the store takes, or until its disk has room again. An epoch of
the store says when it is over: a query is answered from the store as it was when one began.
"""


class Hiding:
    """What is being hidden, by project: the first epoch of the store that no longer shows it, once
    that is known.
    """

    def __init__(self) -> None:
        self._until: dict[str, int | None] = {}

    def begin(self, project: str) -> None:
        """From now on a project is private, and what the store shows of it is not yet."""
        self._until[project] = None

    def end(self, project: str, epoch: int) -> None:
        """A project is hidden from that epoch on, if it was to be hidden."""
        if project in self._until:
            self._until[project] = epoch

    def shown(self, epoch: int) -> frozenset[str]:
        """The private projects that the store still shows to everybody in an epoch."""
        # Whoever writes may begin to hide another meanwhile.
        known = list(self._until.items())
        return frozenset(name for name, until in known if until is None or epoch < until)
