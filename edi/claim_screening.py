"""Screening: what is known of the claims of a file before they are taken in, and what its edits found in them.

`loaders` gathers the facts inside the transaction that loads the file, `rules.front_end` judges them, and `writers`
says on the 277CA what came of it. A claim is known by its `row`, as in the table `claim` of the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


REJECT, REPORT = "reject", "report"
"""Severities: the claim is returned by the 277CA; or it is taken in, and what was found is kept beside it."""


FINALISED, PENDING = "finalised", "pending"
"""What a claim may be a duplicate of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningFacts:
    """Facts of the claims of a file, in the types of `loaders.frames`."""

    claims: pd.DataFrame
    """One row a claim.

    | column | |
    |---|---|
    | row, kind, payer_id, submitter_id, billing_npi, billing_taxonomy, frequency_code, facility_code | as in `claim` |
    | predetermination, delay_reason, payer_responsibility, patient_status | as there |
    | patient_birth_date, service_from, service_through, admission_date, discharge_occurrence_date | as there |
    | admitted_at, discharged_at | hours as HH:MM:SS |
    | batch_is_reissued | BHT02 of its batch is 18 |
    | tin_key | billing TIN without separators |
    | received_date | of the file |
    | member_known | a member was found: by subscriber number, date of birth and first name |
    | subscriber_known | somebody has, or once had, the subscriber number |
    | birth_date_known | somebody under that number was born on that day |
    | member_covered | the member has coverage on a day of service; true where nobody asked, and without days |
    | provider_known, tin_known | the newest registry has the billing NPI, and with this TIN; true without either |
    | duplicate_of | finalised or pending, where an original claim equals one on file, or one further up in the file |
    | | that no other edit rejects; looked for only where asked, and missing while the other edits look |
    """
    lines: pd.DataFrame | None = None
    """Their lines, where somebody asked: row of the claim, procedure_code, service_from, service_through."""
    tables: Mapping[str, pa.Table] = field(default_factory=dict)
    """The tables of the file; in `claim_finding` is what the scanner found in its claims."""


class Screen(Protocol):
    """Judges claims before they are taken in."""

    @property
    def holds_repeated_batches(self) -> bool:
        """Does a batch that came before wait for a person?"""
        ...

    @property
    def most_claims_per_set(self) -> int | None:
        """A file with more in one transaction set waits for a person; None: any number."""
        ...

    @property
    def looks_for_coverage(self) -> bool:
        """Does anything depend on whether a member is covered?"""
        ...

    @property
    def looks_at_lines(self) -> bool:
        """Does anything depend on the lines of claims?"""
        ...

    def looks_for_duplicates(self, *, reissued: bool) -> bool:
        """Does anything depend on whether a claim equals one that is on file? `reissued`: of a batch sent again."""
        ...

    def claims(self, facts: ScreeningFacts) -> pa.Table:
        """What the edits found, in the columns of `edi.claim_screening.found_schema`."""
        ...

    def corrections(self, problems: pd.DataFrame) -> pa.Table:
        """The same of replacements and voids that have a problem with their original: `row`, `correction_problem`."""
        ...


def found_schema() -> pa.Schema:
    """What an edit found in a claim.

    | column | |
    |---|---|
    | row | the claim |
    | line_number | service line, null for the claim as a whole |
    | edit | id of the edit |
    | severity | reject or report |
    | statuses | up to three with blanks between, each `category:status` or `category:status:entity` |
    """
    import pyarrow as pa  # noqa: PLC0415 - the command line must start without Arrow

    return pa.schema(
        {
            "row": pa.int64(),
            "line_number": pa.int64(),
            "edit": pa.string(),
            "severity": pa.string(),
            "statuses": pa.string(),
        }
    )
