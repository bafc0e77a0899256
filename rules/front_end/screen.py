"""The front end: every edit in one list, applied to all claims of a file at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from edi.claim_screening import ScreeningFacts, found_schema
from rules.front_end import addressing, corrections, dates, duplicates, filing, findings, members, providers
from rules.front_end.edit import Edit, Severity
from rules.front_end.settings import FrontEndSettings
from rules.rulebook import Rulebook

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

EDITS: tuple[Edit, ...] = (
    *addressing.EDITS,
    *members.EDITS,
    *providers.EDITS,
    *dates.EDITS,
    *filing.EDITS,
    *duplicates.EDITS,
    *findings.EDITS,
    *corrections.EDITS,
)
"""In the order in which a claim's findings are told."""
BY_ID = {edit.id: edit for edit in EDITS}
LOOK_AT_NOTHING: Severity = "accept"


@dataclass(frozen=True, slots=True)
class FrontEnd:
    """The edits as they are set for one partner on one day of receipt (`edi.claim_screening.Screen`)."""

    settings: FrontEndSettings
    partner: str
    received_date: date
    replaces_denied: bool = True
    """May a denied claim be replaced (`rules.filing_settings`), or is it to be sent anew?"""

    rulebook: Rulebook | None = None
    """Filing rules and types of bill; None: what depends on them finds nothing."""

    @property
    def holds_repeated_batches(self) -> bool:
        """As the plan set it."""
        return self.settings.repeated_batches == "hold"

    @property
    def most_claims_per_set(self) -> int | None:
        """As the plan set it."""
        return self.settings.most_claims_per_set

    @property
    def looks_for_coverage(self) -> bool:
        """Is that edit set to anything but accept?"""
        return self._looks(members.NOT_ELIGIBLE)

    @property
    def looks_at_lines(self) -> bool:
        """Is late filing looked for, which is measured line by line?"""
        return self._looks(filing.LATE)

    def looks_for_duplicates(self, *, reissued: bool) -> bool:
        """Is one of those edits set to anything but accept, or one for a batch that is sent again?"""
        return any(map(self._looks, duplicates.EDITS if reissued else duplicates.ANYWHERE))

    def claims(self, facts: ScreeningFacts) -> pa.Table:
        """What the edits find in claims, edit by edit."""
        import pyarrow as pa  # noqa: PLC0415 - the command line must start without Arrow

        claims = self._prepared(facts)
        found = [found_schema().empty_table()]
        for edit in EDITS:
            severity = self._severity(edit)
            if edit.judge is None or severity == LOOK_AT_NOTHING or not len(claims):
                continue
            rows = claims.loc[edit.judge(claims), "row"].to_numpy()
            if len(rows):
                found.append(_found(pa.array(rows, pa.int64()), edit, severity))
        scanned = facts.tables.get("claim_finding")
        if scanned is not None and scanned.num_rows:
            found.append(self._scanned(scanned))
        return pa.concat_tables(found)

    def corrections(self, problems: pd.DataFrame) -> pa.Table:
        """What is wrong with the originals of replacements and voids."""
        import pyarrow as pa  # noqa: PLC0415 - as above

        found = [found_schema().empty_table()]
        for (problem, frequency), rows in problems.groupby(["correction_problem", "frequency_code"], sort=True):
            if problem == corrections.DENIED and self.replaces_denied:
                continue
            edit = corrections.edit_of(str(problem), str(frequency))
            severity = self._severity(edit) if edit is not None else LOOK_AT_NOTHING
            if edit is not None and severity != LOOK_AT_NOTHING:
                found.append(_found(pa.array(rows["row"].to_numpy(), pa.int64()), edit, severity))
        return pa.concat_tables(found)

    def _severity(self, edit: Edit) -> Severity:
        if not edit.is_in_force(self.received_date):
            return LOOK_AT_NOTHING
        return self.settings.severity(edit.id, edit.severity, self.partner, self.received_date)

    def _looks(self, edit: Edit) -> bool:
        return self._severity(edit) != LOOK_AT_NOTHING

    def _prepared(self, facts: ScreeningFacts) -> pd.DataFrame:
        """With what the settings say of payers, submitters, frequencies and reasons, and the rulebook of stays."""
        claims, settings = facts.claims, self.settings
        claims["payer_is_ours"] = claims["payer_id"].isin(settings.payer_ids) if settings.payer_ids else True
        claims["frequency_is_taken"] = (claims["kind"] + claims["frequency_code"].fillna("")).isin(settings.frequencies)
        claims["delay_reason_is_taken"] = claims["delay_reason"].isin(settings.delay_reasons)
        approved = [one.id for one in settings.submitters]
        claims["submitter_is_approved"] = claims["submitter_id"].isin(approved) if approved else True
        claims["submitter_sends_for_provider"] = True
        for one in settings.submitters:
            others = (claims["submitter_id"] == one.id) & ~claims["billing_npi"].isin(one.providers)
            claims.loc[others & bool(one.providers), "submitter_sends_for_provider"] = False
        claims["stay_has_ended"] = claims["filed_late"] = False
        if self.rulebook is not None:
            claims["stay_has_ended"] = dates.stay_has_ended(claims, self.rulebook.inpatient_bill_types)
            if self.looks_at_lines and facts.lines is not None:
                claims["filed_late"] = filing.late_beyond_doubt(claims, facts.lines, self.rulebook)
        return claims

    def _scanned(self, scanned: pa.Table) -> pa.Table:
        """The scanner's findings under the severities of their edits."""
        import pyarrow as pa  # noqa: PLC0415 - as above
        import pyarrow.compute as pc  # noqa: PLC0415 - as above

        known = scanned["edit"].unique().to_pylist()
        severities = pa.array([self._severity(BY_ID[edit]) for edit in known], pa.string())
        severity = severities.take(pc.index_in(scanned["edit"], pa.array(known, pa.string())))
        found = scanned.append_column("severity", severity)
        found = found.filter(pc.not_equal(found["severity"], LOOK_AT_NOTHING))
        return found.select(found_schema().names)


def _found(rows: pa.Array, edit: Edit, severity: Severity) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415 - as above

    texts = [pa.repeat(pa.scalar(text, pa.string()), len(rows)) for text in (edit.id, severity, edit.statuses)]
    return pa.Table.from_arrays([rows, pa.nulls(len(rows), pa.int64()), *texts], schema=found_schema())
