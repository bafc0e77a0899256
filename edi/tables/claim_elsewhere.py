"""Columns of an 837's tables that have no column of that name in the warehouse, each with where it is or why not.

A test asks that every other column of `edi.tables.claim_intake` is a column of the warehouse.
"""

from __future__ import annotations

from collections.abc import Mapping

LINKS: Mapping[str, str] = {
    "line_row": "in `line_number`, as the warehouse numbers the line",
    "line_number": "in `line_number`, counted anew where LX01 is missing, repeated or absurd",
    "party_row": "in `party`, as the ordinal of that party in its claim",
    "other_coverage_row": "in `other_coverage`, as the ordinal of that payer in its claim",
    "line_adjudication_row": "in `line_adjudication`, as the ordinal of that decision in its claim",
}
"""Of every table: what a row is about."""

_LOOP = {"loop": "the claim's (2300) where `line_number` is empty, else the line's (2400, 2440)"}
_PATIENT = "in claim.patient_..., of whoever is the patient"
_MEMBER = "in claim_party, loop 2010BA or 2010CA"
_SUBMITTER = "in claim_set, once a transaction set"
_LEVEL = "in claim, once a claim under that level"
_HL = "only orders the levels in the file, which lie above each claim in claim and claim_party"

ELSEWHERE: Mapping[str, Mapping[str, str]] = {
    "claim_batch": {
        "control_number": "in transaction_set",
        "guide": "in transaction_set",
        "structure": "always 0019",
    },
    "claim_hierarchy": {
        **dict.fromkeys(("loop", "level", "parent_level", "level_code", "has_children"), _HL),
        **dict.fromkeys(("provider_role", "taxonomy_qualifier", "currency_entity"), "always BI, PXC and 85"),
        "taxonomy": "in claim.billing_taxonomy",
        "weight_unit": "always pounds",
        "death_date": _PATIENT,
        "weight": _PATIENT,
        "pregnant": _PATIENT,
        **dict.fromkeys(
            (
                *("currency", "payer_responsibility", "individual_relationship", "group_number", "group_name"),
                *("insurance_type", "filing_indicator", "patient_relationship"),
            ),
            _LEVEL,
        ),
    },
    "claim_hierarchy_party": dict.fromkeys(
        (
            *("loop", "entity_code", "entity_type", "last_or_organization_name", "first_name", "middle_name"),
            *("name_suffix", "id_qualifier", "identifier", "address_1", "address_2", "city", "state", "zip"),
            *("country", "country_subdivision", "birth_date", "gender"),
        ),
        "in claim_party, once a claim; of submitter and receiver in claim_set",
    ),
    "claim_hierarchy_reference": {"party_row": "told by `loop`: a claim has one party of each loop above it"},
    "claim_hierarchy_contact": {"party_row": "told by `loop`; of the submitter in claim_set_contact"},
    "claim": {
        **dict.fromkeys(
            (
                *("batch_reference", "submitter_id", "submitter_entity_type", "submitter_name"),
                "submitter_first_name",
            ),
            _SUBMITTER,
        ),
        "predetermination": "in claim.submission_reason",
        **dict.fromkeys(("billing_entity_type", "billing_first_name"), "in claim_party, loop 2010AA"),
        **dict.fromkeys(
            (
                *(
                    f"{person}_{name}"
                    for person in ("subscriber", "dependant")
                    for name in ("last_name", "first_name", "birth_date", "gender")
                ),
                "dependant",
            ),
            _MEMBER,
        ),
        **dict.fromkeys(
            (
                f"{person}_{name}"
                for person in ("subscriber", "dependant")
                for name in ("death_date", "weight", "pregnant")
            ),
            _PATIENT,
        ),
        **dict.fromkeys(("claim_service_from", "claim_service_through"), "in claim_date, and in lines without a date"),
    },
    "claim_line": {f"oral_cavity_area_{place}": "in claim_line.oral_cavity_areas" for place in range(1, 6)},
    "claim_party": {"taxonomy_qualifier": "always PXC"},
    "claim_line_tooth": {f"surface_{place}": "in claim_tooth.surfaces" for place in range(1, 6)},
    "claim_occurrence": dict.fromkeys(("code", "day"), "in claim_information under BH"),
    "claim_reference": {"payer_qualifier": "always 2U"},
    "claim_information": {
        "date_format": "a range where the days differ",
        "present_on_admission": "in claim_diagnosis: only diagnoses have it",
    },
    "claim_ambulance": {**_LOOP, "weight_unit": "always pounds", "distance_unit": "always miles"},
    "claim_adjustment": {"loop": "2430 where `line_adjudication` is there, else 2320"},
    "claim_line_form_answer": {**_LOOP, "form_row": "the form itself stands in the row"},
    **dict.fromkeys(
        (
            *("claim_note", "claim_attachment", "claim_fixed_format", "claim_condition", "claim_contract"),
            *("claim_repricing", "claim_patient_condition", "claim_line_equipment", "claim_line_certification"),
            *("claim_line_quantity", "claim_line_measurement", "claim_tooth_status"),
        ),
        _LOOP,
    ),
}
"""By table and column."""
