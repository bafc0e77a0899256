"""What we expect of translated tables: every expectation, with the Great Expectations class that measures it.

This module imports nothing heavy, so that configuration can be checked against it at start. Only expectations on rows
are used: aggregates such as a maximum would put a value of the data into their result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Literal

Severity = Literal["hold", "warn", "off"]
Severities = Mapping[str, Severity]
"""Severity by expectation id. hold parks the file for a person, warn is told, off is not measured.

What is wrong with one claim, or one line, is answered at that claim (domain.md 1.5: never reject more than the smallest
unit), so it holds no file, however many they are: the guides' checks and the edits at the front return it. The only one
of claims to hold is a claim without the number (CLM01) that an answer repeats, where a partner's severities let it in.
"""
Tolerances = Mapping[str, int]
"""By expectation id the share of rows that may break it before it counts as broken, in hundredths of a percent."""
WHOLE = 10_000
"""Every row, in hundredths of a percent."""
FEW_ROWS = 2_000
"""Single rows at fault are refused one by one; where a fifth of them is, the file as a whole is in question."""


class Given(Enum):
    """An argument that is known only when tables are checked."""

    AS_OF = "the day the file was received"
    YEAR_BEFORE = "a year before that"
    YEAR_AFTER = "a year after that"


@dataclass(frozen=True, slots=True)
class Expectation:
    """One expectation on the rows of one table."""

    id: str
    """`table.what_holds`: the key in config/expectations.yaml."""
    kind: str
    """Class of `great_expectations.expectations`."""
    arguments: Mapping[str, object]
    meaning: str
    suggested: Severity = "warn"
    tolerated: int = 0
    """The suggested tolerance, in hundredths of a percent of the rows."""

    @property
    def table(self) -> str:
        """The translated table it is about."""
        return self.id.partition(".")[0]


def _present(table: str, column: str, meaning: str, suggested: Severity = "warn", tolerated: int = 0) -> Expectation:
    return Expectation(
        f"{table}.{column}_present", "ExpectColumnValuesToNotBeNull", {"column": column}, meaning, suggested, tolerated
    )


def _one_of(
    table: str,
    column: str,
    codes: tuple[str, ...],
    meaning: str,
    suggested: Severity = "warn",
    tolerated: int = 0,
) -> Expectation:
    arguments = {"column": column, "value_set": list(codes)}
    return Expectation(
        f"{table}.{column}_known", "ExpectColumnValuesToBeInSet", arguments, meaning, suggested, tolerated
    )


def _true(name: str, column: str, meaning: str, suggested: Severity = "warn") -> Expectation:
    arguments = {"column": column, "value_set": [True]}
    return Expectation(name, "ExpectColumnValuesToBeInSet", arguments, meaning, suggested)


def _shaped(table: str, column: str, shape: str, meaning: str) -> Expectation:
    arguments = {"column": column, "regex": shape}
    return Expectation(f"{table}.{column}_shaped", "ExpectColumnValuesToMatchRegex", arguments, meaning)


def _at_least(name: str, column: str, least: int, meaning: str, suggested: Severity = "warn") -> Expectation:
    arguments = {"column": column, "min_value": least}
    return Expectation(name, "ExpectColumnValuesToBeBetween", arguments, meaning, suggested)


def _not_after_receipt(
    name: str, column: str, meaning: str, suggested: Severity = "warn", tolerated: int = 0
) -> Expectation:
    arguments = {"column": column, "max_value": Given.AS_OF}
    return Expectation(name, "ExpectColumnValuesToBeBetween", arguments, meaning, suggested, tolerated)


def _near_future(name: str, column: str, meaning: str) -> Expectation:
    arguments = {"column": column, "max_value": Given.YEAR_AFTER}
    return Expectation(name, "ExpectColumnValuesToBeBetween", arguments, meaning)


def _near_receipt(name: str, column: str, meaning: str, suggested: Severity = "warn") -> Expectation:
    arguments = {"column": column, "min_value": Given.YEAR_BEFORE, "max_value": Given.YEAR_AFTER}
    return Expectation(name, "ExpectColumnValuesToBeBetween", arguments, meaning, suggested)


def _in_order(name: str, earlier: str, later: str, meaning: str) -> Expectation:
    arguments = {"column_A": later, "column_B": earlier, "or_equal": True, "ignore_row_if": "either_value_is_missing"}
    return Expectation(name, "ExpectColumnPairValuesAToBeGreaterThanB", arguments, meaning)


def _unique(name: str, columns: tuple[str, ...], meaning: str, suggested: Severity = "warn") -> Expectation:
    arguments = {"column_list": list(columns), "ignore_row_if": "any_value_is_missing"}
    return Expectation(name, "ExpectCompoundColumnsToBeUnique", arguments, meaning, suggested)


HEADER, MEMBER, COVERAGE = "enrollment_header", "enrollment_member", "enrollment_coverage"
CLAIM, LINE = "claim", "claim_line"
DIAGNOSIS, DRUG = "claim_diagnosis", "claim_line_drug"
OTHER, ADJUDICATION, ADJUSTMENT = "claim_other_coverage", "claim_line_adjudication", "claim_adjustment"
TOOTH = "(?:0?[1-9]|[12][0-9]|3[0-2]|5[1-9]|[67][0-9]|8[0-2]|[A-T]S?)(?::[BDFILMO]{1,5})?"
TEETH = f"^{TOOTH}(?: {TOOTH})*$"
"""As `parsers.claim_lines` writes them."""
SET = "warehouse_set"
"""Of the warehouse, not of a file: a row a transaction set of an 837, of `loaders.conservation`."""

ALL: tuple[Expectation, ...] = (
    _one_of(HEADER, "purpose", ("00", "15", "22"), "BGN01 is original, re-submission or information copy.", "hold"),
    _one_of(HEADER, "action", ("2", "4", "RX"), "BGN08 is change, verify or replace.", "hold"),
    _near_receipt(f"{HEADER}.as_of_near", "day", "The as-of date is within a year of the file's receipt."),
    _present(HEADER, "sponsor_id", "The file names its sponsor (1000A N104)."),
    _present(MEMBER, "subscriber_number", "Every member has a subscriber number (REF*0F).", "hold", FEW_ROWS),
    _present(MEMBER, "birth_date", "Every member has a date of birth (DMG02): it tells persons apart."),
    _not_after_receipt(
        f"{MEMBER}.birth_date_past", "birth_date", "Nobody is born after the file came.", "hold", FEW_ROWS
    ),
    _present(MEMBER, "last_name", "Every member has a last name (NM103)."),
    _present(MEMBER, "first_name", "Every member has a first name (NM104): it tells twins apart."),
    _one_of(
        MEMBER, "maintenance_type", ("001", "021", "024", "025", "030"), "INS03 is one we apply.", "hold", FEW_ROWS
    ),
    Expectation(
        f"{MEMBER}.birth_date_plausible",
        "ExpectColumnValuesToBeBetween",
        {"column": "birth_date", "min_value": date(1900, 1, 1)},
        "Nobody was born before 1900.",
    ),
    _true(f"{MEMBER}.ssn_plausible", "ssn_plausible", "A social security number (NM108 = 34) may be one."),
    _true(f"{MEMBER}.subscriber_has_address", "subscriber_has_address", "A subscriber has an address (N3, N4)."),
    _shaped(MEMBER, "zip", r"^\d{5}$|^\d{5}-?\d{4}$", "A postal code is five digits, or nine."),
    _one_of(MEMBER, "benefit_status", ("A", "C", "S", "T"), "INS05 is active, COBRA, surviving or TEFRA."),
    _true(f"{MEMBER}.death_ends_coverage", "death_ends_coverage", "A death (INS12) comes with an end (INS03 = 024)."),
    _one_of(MEMBER, "gender", ("F", "M", "U"), "DMG03 is F, M or U."),
    _true(f"{MEMBER}.relationship_agrees", "relationship_agrees", "INS01 = Y goes with INS02 = 18, and N does not."),
    _in_order(
        f"{MEMBER}.eligibility_in_order",
        "eligibility_begin",
        "eligibility_end",
        "Eligibility does not end before it begins (DTP*356, 357).",
    ),
    _one_of(
        COVERAGE,
        "maintenance_type",
        ("001", "002", "021", "024", "025", "026", "030", "032"),
        "HD01 is one we apply.",
        "hold",
        FEW_ROWS,
    ),
    _present(COVERAGE, "insurance_line", "Every coverage has a line of insurance (HD03).", "hold", FEW_ROWS),
    _one_of(
        COVERAGE,
        "insurance_line",
        (
            *("AG", "AH", "AJ", "AK", "DCP", "DEN", "EPO", "FAC", "HE", "HLT", "HMO", "LTC", "LTD", "MM", "MOD"),
            *("PDG", "POS", "PPO", "PRA", "STD", "UR", "VIS"),
        ),
        "HD03 is a line of insurance of the guide.",
    ),
    _present(COVERAGE, "plan_code", "Every coverage names the sponsor's plan (HD04)."),
    _true(f"{COVERAGE}.added_from_a_day", "addition_has_begin", "An addition (HD01 = 021) says when it begins."),
    _true(f"{COVERAGE}.ended_on_a_day", "termination_has_end", "A termination (HD01 = 024) says when it ends."),
    _in_order(f"{COVERAGE}.in_order", "begin", "end", "Coverage does not end before it begins (DTP*348, 349)."),
    _unique(
        f"{COVERAGE}.said_once",
        ("parent_row", "insurance_line", "plan_code", "begin"),
        "A member's coverage from a day is sent once.",
    ),
    _unique(
        f"{COVERAGE}.line_once",
        ("parent_row", "insurance_line", "maintenance_type"),
        "A member's line of insurance is added, changed or ended once (HD03).",
    ),
    _near_future(f"{COVERAGE}.begin_near", "begin", "Coverage begins within a year of the file's receipt, or before."),
    _present(CLAIM, "patient_control_number", "Every claim has the provider's number (CLM01): we echo it.", "hold"),
    _at_least(f"{CLAIM}.charge_not_negative", "charge_cents", 0, "No claim bills less than nothing (CLM02)."),
    _true(f"{CLAIM}.charge_is_sum_of_lines", "charge_is_sum_of_lines", "CLM02 is the sum of the lines."),
    _at_least(f"{CLAIM}.has_lines", "lines", 1, "Every claim has a service line."),
    _one_of(
        CLAIM,
        "frequency_code",
        ("0", "1", "2", "3", "4", "5", "7", "8", "9", "Q"),
        "CLM05-3 is a frequency that a provider may send.",
    ),
    _present(CLAIM, "service_from", "Every claim has a day of service."),
    _in_order(f"{CLAIM}.service_in_order", "service_from", "service_through", "Service does not end before it begins."),
    _not_after_receipt(f"{CLAIM}.service_past", "service_through", "Service was given before the file came."),
    _in_order(f"{CLAIM}.born_before_service", "patient_birth_date", "service_from", "The patient was born by then."),
    _present(CLAIM, "subscriber_id", "Every claim has a member id (2010BA NM109)."),
    _present(CLAIM, "billing_npi", "Every claim has a billing NPI (2010AA NM109)."),
    _shaped(CLAIM, "billing_npi", r"^[12]\d{9}$", "The billing NPI is ten digits, of which the first is 1 or 2."),
    _true(f"{CLAIM}.billing_npi_checked", "billing_npi_checked", "The check digit of the billing NPI is right."),
    _shaped(CLAIM, "billing_tin", r"^\d{2}-?\d{7}$|^\d{3}-\d{2}-\d{4}$", "The billing TIN is nine digits."),
    _at_least(f"{LINE}.line_number_counted", "line_number", 1, "Lines are numbered from 1 (LX01)."),
    _unique(f"{LINE}.line_number_once", ("parent_row", "line_number"), "A line number stands once a claim."),
    _at_least(f"{LINE}.charge_not_negative", "charge_cents", 0, "No line bills less than nothing."),
    _at_least(f"{LINE}.quantity_not_negative", "quantity_thousandths", 0, "No line bills fewer than no units."),
    _true(f"{LINE}.service_named", "service_named", "A line names its service: a procedure or a revenue code."),
    _shaped(LINE, "procedure_code", r"^[0-9A-Z]{5}$", "A procedure code is five characters."),
    _one_of(LINE, "unit", ("DA", "F2", "MJ", "UN"), "Quantities are days, units or minutes."),
    _in_order(f"{LINE}.service_in_order", "service_from", "service_through", "Service does not end before it begins."),
    _not_after_receipt(f"{LINE}.service_past", "service_through", "Service was given before the file came."),
    _true(f"{LINE}.pointers_answered", "pointers_answered", "A line points to diagnoses that its claim has (SV107)."),
    _shaped(LINE, "teeth", TEETH, "Teeth are numbered universally, each with its surfaces (TOO)."),
    _shaped(DRUG, "code", r"^\d{11}$", "A drug is a national drug code of eleven digits (LIN03)."),
    _present(OTHER, "payer_id", "Every other payer has an id (2330B NM109)."),
    _not_after_receipt(f"{OTHER}.decided_past", "decided_on", "The other payer decided before the file came."),
    _true(f"{OTHER}.balanced", "balanced", "What the other payer paid is the charge less its adjustments."),
    _present(ADJUDICATION, "other_coverage", "Who decided on a line (SVD01) is another payer of the claim."),
    _not_after_receipt(f"{ADJUDICATION}.paid_past", "paid_on", "The other payer decided before the file came."),
    _true(f"{ADJUDICATION}.balanced", "balanced", "The charge of a line is paid or adjusted by the other payer."),
    _one_of(ADJUSTMENT, "group_code", ("CO", "CR", "OA", "PI", "PR"), "CAS01 is a group of adjustments."),
    _present(ADJUSTMENT, "reason_code", "Every adjustment has its reason."),
    _true(f"{SET}.claims_answered", "claims_answered", "Claims received are accepted or rejected.", "hold"),
    _true(f"{SET}.charges_answered", "charges_answered", "Charges received are accepted or rejected.", "hold"),
    _true(f"{SET}.claims_decided", "claims_decided", "Accepted claims are paid, denied, pended or waiting.", "hold"),
    _true(f"{SET}.charges_decided", "charges_decided", "Charges of decided claims are paid or adjusted.", "hold"),
    _true(f"{SET}.lines_balance", "lines_balance", "The charge of a decided line is paid or adjusted.", "hold"),
    _true(f"{SET}.nothing_waits", "nothing_waits", "No accepted claim waits for its first decision."),
)

EXPECTATIONS: Mapping[str, Expectation] = MappingProxyType({each.id: each for each in ALL})
"""Every expectation by its id."""
