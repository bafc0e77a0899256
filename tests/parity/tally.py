"""Count what two readers agree on, and why they differ where they do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.parity.causes import cause_of
from tests.parity.causes_of_places import overlay_of
from tests.parity.comparison import CRASH, STOPS, Case, Difference

UNEXPLAINED = "unexplained"
REPAIRED = "map-repaired"
LOST = "lost"
"""pyx12 finds the same, but forgets it: there is no set yet that it could keep it with."""


@dataclass
class Tally:
    """Figures of many files."""

    files: int = 0
    same_verdict: int = 0
    """Of those that pyx12 did not crash on."""
    crashed: int = 0
    sets: int = 0
    same_set_verdict: int = 0
    identical_sets: int = 0
    theirs: int = 0
    ours: int = 0
    both: int = 0
    places: Counter[str] = field(default_factory=Counter)
    """By cause: differences."""
    files_of: Counter[str] = field(default_factory=Counter)
    """By cause: files that have it."""
    stricter: Counter[str] = field(default_factory=Counter)
    """By causes: files that only this engine refuses."""
    laxer: Counter[str] = field(default_factory=Counter)
    """By causes: files that only pyx12 refuses."""
    overlays: Counter[str] = field(default_factory=Counter)
    """By the fact that a map was repaired with: differences."""
    unexplained: list[str] = field(default_factory=list)
    unallowed: list[str] = field(default_factory=list)
    """Accepted though pyx12 refuses it under a cause that does not say that pyx12 is wrong."""

    def add(self, case: Case) -> None:
        """Count one file."""
        differences = list(case.differences())
        causes = [(difference, cause_of(difference)) for difference in differences]
        names = Counter(cause.id if cause else UNEXPLAINED for _, cause in causes)
        self.files += 1
        self.places += names
        self.files_of.update(dict.fromkeys(names, 1))
        self.unexplained += [_describe(difference) for difference, cause in causes if cause is None]
        self.overlays.update(
            overlay.fact
            for difference, cause in causes
            if cause and cause.id == REPAIRED and (overlay := overlay_of(difference))
        )
        self._count_places(case, differences)
        if case.theirs.crash:
            self.crashed += 1
        elif case.theirs.accepted == case.ours.accepted:
            self.same_verdict += 1
        elif case.theirs.accepted:
            ours = {cause.id if cause else UNEXPLAINED for difference, cause in causes if difference.is_ours}
            self.stricter[", ".join(sorted(ours or names)) or LOST] += 1
        else:
            theirs = {cause.id if cause else UNEXPLAINED for difference, cause in causes if not difference.is_ours}
            self.laxer[", ".join(sorted(theirs))] += 1
            if not all(cause and cause.may_accept for difference, cause in causes if not difference.is_ours):
                self.unallowed.append(case.name)

    def _count_places(self, case: Case, differences: list[Difference]) -> None:
        theirs = {one for one in case.theirs.places if one.row < case.compared and one.code not in {CRASH, STOPS}}
        ours = {one for one in case.ours.places if one.row < case.compared}
        self.theirs += len(theirs)
        self.ours += len(ours)
        self.both += len(theirs & ours)
        for rows in case.rows.sets():
            if rows.stop > case.compared:
                continue
            self.sets += 1
            found = [any(place.row in rows for place in places) for places in (theirs, ours)]
            self.same_set_verdict += found[0] == found[1]
            self.identical_sets += not any(difference.place.row in rows for difference in differences)


def _describe(difference: Difference) -> str:
    """Where to look: no value, for a base file may come from elsewhere."""
    who = "ours" if difference.is_ours else "pyx12"
    segment = difference.row.id if difference.row else "end"
    return f"{difference.case.name}: {who} {segment} {tuple(difference.place)}"
