"""The two kinds of failure: worth another try, or not. Faults of a partner's file are findings, never these."""

from __future__ import annotations


class Trouble(Exception):  # noqa: N818 - the family is named for what it is
    """We or the world failed. Its message holds positions, ids and names, never an element's value."""


class Retryable(Trouble):
    """The same step may succeed later: a network, a lock, a server that is away."""


class Final(Trouble):
    """Trying again changes nothing: bad configuration, a broken invariant, a refused value."""


class Usage(Final):
    """What was asked cannot be done as it was asked: nothing was done, and whoever asked can say it otherwise."""
