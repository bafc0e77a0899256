"""Which of the tables of an 837 (`edi.tables.claim_intake`) give rows to which tables of the warehouse, and which.

What columns of the claim, of its line or of another payer hold already is left out (`HELD`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from edi.tables.claims import CLAIM_DIAGNOSIS
from edi.tables.parts import inpatient_columns, outpatient_columns

if TYPE_CHECKING:
    import pyarrow as pa

Mask = Callable[["pa.Table"], "pa.ChunkedArray"]
Completion = Callable[[Mapping[str, "pa.Table"], "pa.Table", "pa.Table"], "pa.Table"]
"""Of all extracted tables, the rows of one, and what was made of them: that with further columns."""

HELD: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "claim_reference": {"2300": ("F8", "D9", "G1", "9F"), "2400": ("6R",), "2010AA": ("EI", "SY")},
    "claim_date": {"2300": ("434", "435"), "2330B": ("573",), "2400": ("472",), "2430": ("573",)},
    "claim_amount": {"2300": ("F5",), "2320": ("D", "A8", "EAF"), "2430": ("EAF",)},
    "claim_information": {"2300": (*sorted(CLAIM_DIAGNOSIS.qualifiers), "DR")},
}
"""By table and loop, the qualifiers of what columns of other tables hold; of dates, those that are dates."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of an extracted table that go into a table of the warehouse."""

    table: str
    columns: Mapping[str, str]
    """Ours by theirs; theirs is empty where it is called the same, or is a link."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Columns that are the same in all rows."""
    keeps: Mask | None = None
    """Which rows; all without it."""
    completes: Completion | None = None
    is_above: bool = False
    """A table of levels, whose rows are repeated for each claim under them."""


def _same(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "")


def _unheld(table: str) -> Mask:
    """Rows that no column of another table holds."""

    def mask(rows: pa.Table) -> pa.ChunkedArray:
        import pyarrow as pa  # noqa: PLC0415 - the command line must start without Arrow
        import pyarrow.compute as pc  # noqa: PLC0415 - as above

        held = pa.chunked_array([pa.repeat(pa.scalar(value=False), rows.num_rows)])
        for loop, qualifiers in HELD[table].items():
            here = pc.is_in(rows["qualifier"], pa.array(qualifiers))
            held = pc.or_(held, pc.and_(here, pc.equal(rows["loop"], loop) if "loop" in rows.schema.names else here))
        if table == "claim_date":
            held = pc.and_(held, pc.is_valid(rows["first_day"]))
        return pc.invert(pc.fill_null(held, fill_value=False))

    return mask


def _decided_by(tables: Mapping[str, pa.Table], rows: pa.Table, piece: pa.Table) -> pa.Table:
    """With the other payer of the claim whose id the decision on a line names (SVD01): the first of that id."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    return piece.append_column("other_coverage", pa.chunked_array([_payers(tables).take(rows["row"])]))


def _payers(tables: Mapping[str, pa.Table]) -> pa.Array:
    """By decision on a line: the ordinal in its claim of the other payer that took it."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    from parsers.claim_rows import ordinals  # noqa: PLC0415 - as above

    coverages, decisions = tables["claim_other_coverage"], tables["claim_line_adjudication"]
    claims = pc.take(tables["claim_line"]["parent_row"], decisions["parent_row"])
    known = pc.binary_join_element_wise(pc.cast(coverages["parent_row"], pa.string()), coverages["payer_id"], " ")
    named = pc.binary_join_element_wise(pc.cast(claims, pa.string()), decisions["payer_id"], " ")
    places = pa.array(ordinals(coverages["parent_row"].to_numpy()), pa.int64())
    found = places.take(pc.index_in(named, known, skip_nulls=True).combine_chunks())
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _adjusted_by(tables: Mapping[str, pa.Table], rows: pa.Table, piece: pa.Table) -> pa.Table:
    """With the payer of the decision on a line as that of its adjustments."""
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    if not tables["claim_line_adjudication"].num_rows:
        return piece
    place = piece.schema.get_field_index("other_coverage")
    payers = pc.coalesce(piece["other_coverage"], _payers(tables).take(rows["line_adjudication_row"]))
    return piece.set_column(place, "other_coverage", payers)


def _surfaces(tables: Mapping[str, pa.Table], rows: pa.Table, piece: pa.Table) -> pa.Table:  # noqa: ARG001 - as others
    """With the surfaces of a tooth as one word."""
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    letters = [pc.fill_null(rows[f"surface_{place}"], "") for place in range(1, 6)]
    word = pc.binary_join_element_wise(*letters, "")
    return piece.append_column("surfaces", pc.if_else(pc.equal(word, ""), None, word))


def _form_of(tables: Mapping[str, pa.Table], rows: pa.Table, piece: pa.Table) -> pa.Table:
    """With the form that is answered."""
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    for name in ("qualifier", "form"):
        piece = piece.append_column(name, pc.take(tables["claim_line_form"][name], rows["form_row"]))
    return piece


REFERENCE = _same("loop", "qualifier", "value")
CONTACT = _same(
    *("loop", "function", "name"),
    *(f"{part}_{number}" for number in (1, 2, 3) for part in ("qualifier", "number")),
)
ABOUT_PAYER = _same("other_coverage", "line_adjudication")

DETAILS: Mapping[str, tuple[Part, ...]] = {
    "claim_other_coverage": (
        Part(
            "claim_other_coverage",
            _same(
                *("payer_responsibility", "individual_relationship", "group_number", "group_name", "insurance_type"),
                *("filing_indicator", "payer_id", "payer_name", "decided_on", "benefits_assigned"),
                *("patient_signature_source", "release_of_information", "paid_cents", "noncovered_cents"),
                "patient_liability_cents",
                *(column.name for column in (*inpatient_columns(), *outpatient_columns())),
            ),
        ),
    ),
    "claim_line_adjudication": (
        Part(
            "claim_line_adjudication",
            _same(
                *("payer_id", "paid_cents", "procedure_qualifier", "procedure_code", "modifier_1", "modifier_2"),
                *("modifier_3", "modifier_4", "procedure_description", "revenue_code", "quantity", "bundled_line"),
                *("paid_on", "patient_liability_cents"),
            ),
            completes=_decided_by,
        ),
    ),
    "claim_adjustment": (
        Part(
            "claim_adjustment",
            ABOUT_PAYER | _same("group_code", "reason_code", "amount_cents", "quantity"),
            completes=_adjusted_by,
        ),
    ),
    "claim_reference": (
        Part("claim_hierarchy_reference", REFERENCE, keeps=_unheld("claim_reference"), is_above=True),
        Part(
            "claim_reference",
            {**REFERENCE, **_same("party", "other_coverage", "payer_id")},
            keeps=_unheld("claim_reference"),
        ),
    ),
    "claim_date": (
        Part(
            "claim_date",
            _same("loop") | ABOUT_PAYER | _same("qualifier", "format", "value", "first_day", "last_day", "time_of_day"),
            keeps=_unheld("claim_date"),
        ),
    ),
    "claim_amount": (
        Part(
            "claim_amount",
            _same("loop") | ABOUT_PAYER | _same("qualifier", "amount_cents"),
            keeps=_unheld("claim_amount"),
        ),
        Part(
            "claim_line_purchased_service",
            {"loop": "", "amount_cents": "charge_cents", "provider_id": ""},
            {"qualifier": "PS1"},
        ),
    ),
    "claim_information": (
        Part(
            "claim_information",
            _same("qualifier", "code", "first_day", "last_day", "amount_cents"),
            keeps=_unheld("claim_information"),
        ),
    ),
    "claim_note": (
        Part("claim_note", _same("kind", "note")),
        Part("claim_fixed_format", {"note": "information"}, {"kind": "K3"}),
    ),
    "claim_attachment": (
        Part("claim_attachment", _same("report_type", "transmission", "id_qualifier", "control_number")),
    ),
    "claim_contract": (
        Part("claim_contract", _same("kind", "amount_cents", "percentage", "code", "discount_percentage", "version")),
    ),
    "claim_repricing": (
        Part(
            "claim_repricing",
            _same(
                *("method", "allowed_cents", "savings_cents", "organization", "rate", "group_code", "group_cents"),
                *("revenue_code", "procedure_qualifier", "procedure_code", "unit", "quantity", "reject_reason"),
                *("policy_compliance", "exception"),
            ),
        ),
    ),
    "claim_ambulance": (
        Part(
            "claim_ambulance",
            _same("weight", "reason", "distance", "round_trip_purpose", "stretcher_purpose"),
        ),
    ),
    "claim_condition": (
        Part("claim_condition", _same("category", "applies", "condition")),
        Part("claim_patient_condition", _same("condition", "description", "description_2"), {"category": "CR2"}),
    ),
    "claim_line_drug": (Part("claim_line_drug", _same("qualifier", "code", "quantity", "unit")),),
    "claim_line_equipment": (
        Part(
            "claim_line_equipment",
            _same(
                *("procedure_qualifier", "procedure_code", "unit", "need", "rental_cents", "purchase_cents"),
                "rental_period",
            ),
        ),
    ),
    "claim_line_measure": (
        Part("claim_line_quantity", {"qualifier": "", "measured": "quantity"}, {"segment": "QTY"}),
        Part("claim_line_measurement", _same("kind", "qualifier", "measured"), {"segment": "MEA"}),
        Part("claim_line_certification", {"kind": "", "unit": "", "measured": "duration"}, {"segment": "CR3"}),
    ),
    "claim_line_form": (
        Part("claim_line_form", _same("qualifier", "form")),
        Part(
            "claim_line_form_answer",
            _same("question", "yes_or_no", "answer", "day", "percentage"),
            completes=_form_of,
        ),
    ),
    "claim_contact": (
        Part("claim_hierarchy_contact", CONTACT, is_above=True),
        Part("claim_contact", {**CONTACT, "party": ""}),
    ),
    "claim_tooth": (
        Part("claim_line_tooth", _same("qualifier", "tooth"), completes=_surfaces),
        Part("claim_tooth_status", _same("qualifier", "tooth", "status")),
    ),
}
"""Tables of the warehouse, each with what it is made of."""
