"""What came of checking tables: counts, never values."""

from __future__ import annotations

from dataclasses import dataclass

from rules.expectations.catalogue import Severity


@dataclass(frozen=True, slots=True)
class ExpectationResult:
    """How one expectation fared."""

    expectation: str
    severity: Severity
    success: bool
    unexpected_count: int
    element_count: int


@dataclass(frozen=True, slots=True)
class ExpectationOutcome:
    """How all of them fared, in the order of the catalogue."""

    results: tuple[ExpectationResult, ...]

    @property
    def held(self) -> bool:
        """Does a hold expectation fail, so that the file must wait for a person?"""
        return bool(self.broken_holds())

    def broken_holds(self) -> list[str]:
        """Ids of the hold expectations that fail."""
        return [each.expectation for each in self.results if not each.success and each.severity == "hold"]

    def broken_warnings(self) -> list[str]:
        """Ids of the warn expectations that fail."""
        return [each.expectation for each in self.results if not each.success and each.severity == "warn"]
