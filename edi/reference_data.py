"""Reference data of adjudication that a plan loads as tables: fees, code tables, pairs, limits, authorizations.

Every table is declared here once: what a CSV or Parquet file of it holds, which columns the warehouse has, and what the
rules find. A row is good for days of service from `effective_from` through `effective_through` (empty = open).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

ColumnKind = Literal["text", "day", "cents", "count", "basis_points"]


@dataclass(frozen=True, slots=True)
class ReferenceColumn:
    """A column of a reference table."""

    name: str
    kind: ColumnKind
    description: str
    required: bool = False
    choices: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        """What a file calls it: money and percentages are written as decimal numbers."""
        return self.name.removesuffix("_cents").replace("basis_points", "percent")


@dataclass(frozen=True, slots=True)
class ReferenceTable:
    """A kind of reference data."""

    name: str
    description: str
    columns: tuple[ReferenceColumn, ...]


def _table(name: str, description: str, *columns: ReferenceColumn) -> ReferenceTable:
    days = (
        ReferenceColumn("effective_from", "day", "first day", required=True),
        ReferenceColumn("effective_through", "day", "last day; empty = open"),
    )
    return ReferenceTable(name, description, (*columns, *days))


def _text(name: str, description: str, *choices: str, required: bool = False) -> ReferenceColumn:
    return ReferenceColumn(name, "text", description, required or bool(choices), choices)


GROUP_CODES = ("CO", "OA", "PI", "PR")
PLACE_OF_LINE = (
    _text("plan_id", "plan of config/; empty = all plans"),
    _text("kind", "P, I or D; empty = every kind of claim"),
    _text("procedure_code", "procedure of the line; empty = any"),
    _text("revenue_code", "revenue code of the line; empty = any"),
    _text("place_of_service", "place of the line, else of the claim; empty = any"),
)
"""By what a row says which lines it is about."""

TABLES: Mapping[str, ReferenceTable] = MappingProxyType(
    {
        table.name: table
        for table in (
            _table(
                "fee",
                "What the plan allows for services, beside config/fee_schedule.yaml",
                _text("schedule", "fee schedule of a provider's contract; empty = all providers"),
                _text("plan_id", "plan of config/; empty = all plans"),
                _text("procedure_code", "procedure of the line"),
                _text("modifier", "one of its modifiers"),
                _text("revenue_code", "revenue code of the line"),
                _text("drg_code", "DRG of the stay"),
                _text("place_of_service", "place of the line, else of the claim"),
                _text("unit", "UN, DA or MJ: the unit that an amount is for; empty = UN and DA"),
                _text("method", "unit, percent, per_diem or case", "unit", "percent", "per_diem", "case"),
                ReferenceColumn("amount_cents", "cents", "for a unit, a day of the stay or the whole case"),
                ReferenceColumn("basis_points", "basis_points", "percentage of the charge"),
            ),
            _table(
                "code",
                "Codes that are valid; a set of which any code is loaded knows no others",
                _text("code_set", "which list", "procedure", "modifier", "diagnosis", "revenue", "place", "bill_type"),
                _text("code", "the code, without dot", required=True),
            ),
            _table(
                "service_rule",
                "What a code asks of the bill: one of its rows for a condition must fit",
                _text("subject", "whose code it is", "procedure", "diagnosis"),
                _text("code", "the code", required=True),
                _text(
                    "condition",
                    "what is asked",
                    "modifier",
                    "place",
                    "age",
                    "sex",
                    "diagnosis",
                    "revenue",
                    "bill_type",
                ),
                _text("lowest", "the value that fits, or the lowest; ages in whole years", required=True),
                _text("highest", "the highest value that fits; empty = only the lowest"),
            ),
            _table(
                "bundle",
                "Pairs of procedures of which the second is not paid beside the first on one day of a claim",
                _text("procedure_code", "the comprehensive procedure", required=True),
                _text("bundled_code", "the one that is part of it", required=True),
                _text("unless_modifiers", "modifiers of the second, with blanks between, under which it is paid"),
                _text("reason_code", "97 part of another service, 236 not on the same day", "97", "236"),
            ),
            _table(
                "unit_limit",
                "Units of a procedure that are paid for on one day of a claim",
                _text("procedure_code", "the procedure", required=True),
                ReferenceColumn("most", "count", "units", required=True),
                _text("reason_code", "151 not justified, 222 beyond the contract", "151", "222"),
            ),
            _table(
                "authorization_rule",
                "Services that need an authorization or a referral",
                _text("kind", "what they need", "authorization", "referral"),
                _text("plan_id", "plan of config/; empty = all plans"),
                _text("procedure_code", "procedure of the line; empty = any"),
                _text("revenue_code", "revenue code of the line; empty = any"),
                _text("place_of_service", "place of the line, else of the claim; empty = any"),
            ),
            _table(
                "authorization",
                "Authorizations and referrals that were given; their days are those of the services",
                _text("kind", "what it is", "authorization", "referral"),
                _text("number", "REF*G1 or REF*9F of the claim", required=True),
                _text("subscriber_id", "member id that it was given to", required=True),
                _text("provider_npi", "billing provider; empty = any"),
                _text("procedure_code", "procedure; empty = any"),
                ReferenceColumn("units", "count", "units; empty = any number"),
                ReferenceColumn("decided_on", "day", "when it was given"),
            ),
            _table(
                "exclusion",
                "Services that the plan does not answer for, and who does",
                *PLACE_OF_LINE,
                _text(
                    "reason_code",
                    "24 a vendor paid by the head, 96 nobody, 109 another payer, 270 a dental plan, "
                    "280 a pharmacy plan",
                    "24",
                    "96",
                    "109",
                    "270",
                    "280",
                ),
                ReferenceColumn(
                    "group_code", "text", "empty = CO for 24, PR for 96, OA for the others", choices=GROUP_CODES
                ),
                _text("remark_code", "RARC; empty = N130 for 96, N418 for 109, none for the others"),
            ),
            _table(
                "rendering_provider",
                "Who may render services; once any is loaded, no other rendering NPI is paid for",
                _text("npi", "rendering NPI (2310B, 2420A)", required=True),
                _text("tin", "billing TIN that they bill under; empty = any"),
                _text("procedure_code", "procedure that they may render; empty = any"),
            ),
            _table(
                "coverage_policy",
                "Diagnoses for which a procedure is medically necessary; one without rows always is",
                _text("plan_id", "plan of config/; empty = all plans"),
                _text("procedure_code", "the procedure", required=True),
                _text("lowest", "a diagnosis without dot, or the lowest", required=True),
                _text("highest", "the highest diagnosis; empty = only the lowest"),
                _text("waiver_modifiers", "modifiers, with blanks between, by which the patient agreed to pay"),
                _text("remark_code", "RARC of a denial; empty = none"),
            ),
            _table(
                "attachment_rule",
                "Services that need paperwork",
                *PLACE_OF_LINE,
                _text("report_types", "PWK01 that serve, with blanks between; empty = any"),
                _text("remark_code", "RARC that says what is missing", required=True),
            ),
            ReferenceTable(
                "attachment",
                "Paperwork that came",
                (
                    _text("control_number", "PWK06 of the claim", required=True),
                    _text("provider_npi", "billing provider who sent it; empty = any"),
                    ReferenceColumn("received_on", "day", "when it came", required=True),
                ),
            ),
            _table(
                "core_combination",
                "Combinations of group, CARC and RARC that CAQH CORE's uniform-use rule allows, by scenario",
                _text("scenario", "1 documents, 2 data, 3 not covered, 4 not separately payable", "1", "2", "3", "4"),
                _text("group_code", "CO, OA, PI or PR", "CO", "OA", "PI", "PR"),
                _text("reason_code", "CARC", required=True),
                _text("remark_code", "RARC; empty = the CARC alone"),
            ),
        )
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceFacts:
    """Reference data for some claims, and what of the claims it is compared with."""

    tables: Mapping[str, pd.DataFrame]
    """The rows in force that may be about these claims, by table; a table that was never loaded is not there."""
    versions: Mapping[str, int]
    """The version of each table."""
    claims: pd.DataFrame
    """claim_id, prior_authorization, referral_number, drg_code, subscriber_id, birth_date and gender of the patient."""
    diagnoses: pd.DataFrame
    """claim_id, ordinal, qualifier, code."""
    pointers: pd.DataFrame | None = None
    """claim_id, line_number, ordinal: the diagnoses that a line is for (SV107); None: of all lines all of the claim."""
    renderings: pd.DataFrame | None = None
    """claim_id, line_number, rendering_npi: of lines that name who rendered them, or whose claim does."""
    paperwork: pd.DataFrame | None = None
    """claim_id, line_number (missing: of the claim), report_type, transmission, control_number (PWK)."""
