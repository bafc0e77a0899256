"""What the rules have said of the claims so far: the one thing that changes while claims are decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from rules.ruling import Ruling, explanations

RELEASED_BY_PERSON = "RELEASED-BY-PERSON"

Told = tuple[list[int], list[dict[str, Any]]]


class OpenLines(pd.DataFrame):
    """Wide as the docket is. Most rulings are about none of its lines, or all: to choose these copies nothing."""

    _none: pd.DataFrame | None = None
    """None of the lines: asked for by most rulings, and made once."""

    def __getitem__(self, key: Any) -> Any:  # noqa: ANN401 - as pandas has it
        """As of every frame."""
        if isinstance(key, pd.Series) and key.dtype == np.bool_ and key.index.equals(self.index):
            chosen = key.to_numpy()
            if not chosen.any():
                if self._none is None:
                    self._none = self.iloc[:0]
                return self._none
            if chosen.all():
                return self
        return super().__getitem__(key)


class Proceedings:
    """The docket and what was said of it. Arrays ending in `_claims` or `_reasons` are by position of the claim."""

    def __init__(
        self, lines: pd.DataFrame, count: int, released: Mapping[str, np.ndarray] = MappingProxyType({})
    ) -> None:
        """`released`: by pend reason the claims, by position, that a person released from it."""
        self.lines = lines
        self.released = released
        self.count = count
        self._is_open = np.ones(len(lines), dtype=bool)
        self._open_lines: OpenLines | None = None
        self.pend_reasons = np.full(count, "", dtype=object)
        self.void_claims = np.zeros(count, dtype=bool)
        self.original_stays_claims = np.zeros(count, dtype=bool)
        self.status_codes = np.full(count, "1", dtype=object)
        self.status_codes[lines["claim"].to_numpy()] = lines["processed_status"].to_numpy(dtype=object)
        self.denials: list[Ruling] = []
        self.told: list[Told] = []

    @property
    def open_lines(self) -> pd.DataFrame:
        """Lines that no rule has settled."""
        if self._open_lines is None:
            self._open_lines = OpenLines(self.lines if self._is_open.all() else self.lines[self._is_open])
        return self._open_lines

    @property
    def pended_claims(self) -> np.ndarray:
        """Claims that wait; their pend reason is not empty."""
        return np.asarray(self.pend_reasons != "", dtype=bool)

    def enter(self, rulings: Iterable[Ruling]) -> None:
        """Enter what one rule said, and close the lines that it settled.

        The rulings of a rule may overlap in a claim: one that makes it wait outweighs the others.
        """
        for ruling in rulings:
            if ruling.lines.empty:
                continue
            self.told.append(explanations(ruling))
            if ruling.effect == "pend" and ruling.pend_reason in self.released:
                ruling = self._set_aside(ruling)  # noqa: PLW2901 - what is left of it
            claims = ruling.lines["claim"].unique()
            if ruling.effect == "deny":
                self.denials.append(ruling)
                self._is_open[ruling.lines.index] = False
                self._open_lines = None
                self.original_stays_claims[claims] |= ruling.original_stays
                if ruling.claim_status:
                    self.status_codes[claims] = ruling.claim_status
            elif ruling.effect == "pend":
                waiting = claims[~self.pended_claims[claims]]
                self.pend_reasons[waiting] = ruling.pend_reason
                self._close(claims)
            elif ruling.effect == "void":
                self.void_claims[claims] = True
                self._close(claims)

    def _set_aside(self, ruling: Ruling) -> Ruling:
        """The ruling without the claims that a person released from its reason, which go on."""
        is_released = self.released[ruling.pend_reason][ruling.lines["claim"].to_numpy()]
        told = Ruling(
            lines=ruling.lines[is_released],
            effect="note",
            rule=RELEASED_BY_PERSON,
            text="{pend_reason} set aside by a person",
            facts={"pend_reason": ruling.pend_reason},
            whole_claim=True,
        )
        if not told.lines.empty:
            self.told.append(explanations(told))
        return replace(ruling, lines=ruling.lines[~is_released])

    def _close(self, claims: np.ndarray) -> None:
        closed = np.zeros(self.count, dtype=bool)
        closed[claims] = True
        self._is_open &= ~closed[self.lines["claim"].to_numpy()]
        self._open_lines = None
