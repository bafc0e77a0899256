"""Balances and situations of claims, 837P, 837I and 837D."""

from __future__ import annotations

from edi.business.language import (
    Amount,
    Balance,
    Choose,
    Count,
    Declaration,
    Enter,
    Entry,
    Fact,
    Key,
    Observation,
    Pointer,
    Scope,
    Service,
    Situation,
    Wrong,
    absent,
    has,
    negative,
    present,
)

CLAIM_KINDS = frozenset({"837P", "837I", "837D"})
CODES_IN_HI = range(1, 13)
"""HI01 to HI12."""
ADJUSTED_AMOUNTS = (3, 6, 9, 12, 15, 18)
"""CAS03 to CAS18."""
DIAGNOSES_10 = ("ABK", "ABF", "ABJ", "APR", "ABN")
DIAGNOSES_9 = ("BK", "BF", "BJ", "PR", "BN")
POINTED_AT = ("ABK", "ABF", "BK", "BF")
FIRST_DAY_OF_ICD_10 = 20151001
"""45 CFR 162.1002."""
INPATIENT = ("11", "18", "21", "28", "41", "65", "66", "86")
"""First two digits of the types of bill that are inpatient beyond dispute (docs/domain.md 4.3)."""
LATER_PAYERS = ("S", "T", "A", "B", "C", "D", "E", "F", "G", "H")
"""SBR01: second, third, fourth to eleventh."""
CHARGES = (("2400 SV1", 2), ("2400 SV2", 3), ("2400 SV3", 2))

_BALANCES: tuple[Observation, ...] = (
    Amount("claim charge", "claim", "2300 CLM", 2),
    Fact("claim charge", "2300 CLM", (present(2),), 2),
    *(Amount("line charges", "claim", place, element) for place, element in CHARGES),
    *(Amount("line charge", "line", place, element) for place, element in CHARGES),
    *(Fact("line charge", place, (present(element),), element) for place, element in CHARGES),
    *(Wrong("CHARGE_NEGATIVE", place, element, (negative(element),)) for place, element in (*CHARGES, ("2300 CLM", 2))),
    # what each other payer paid and adjusted, on the claim and on its lines
    Entry("payers", "claim", "2320 SBR"),
    Key("payers", "2330B NM1", 9),
    Enter("payers", "paid", "2320 AMT[D]", 2),
    *(Enter("payers", "adjusted", "2320 CAS", element) for element in ADJUSTED_AMOUNTS),
    Choose("payers", "2430 SVD", 1),
    *(Enter("payers", "lines adjusted", "2430 CAS", element) for element in ADJUSTED_AMOUNTS),
    Choose("results", "2430 SVD", 1, create=True, scope="line"),
    Enter("results", "paid", "2430 SVD", 2),
    *(Enter("results", "adjusted", "2430 CAS", element) for element in ADJUSTED_AMOUNTS),
    Fact("bundled", "2430 SVD", (present(6),)),
)

_SITUATIONS: tuple[Observation, ...] = (
    Fact("subscriber is patient", "2000B SBR", (has(2, "18"),), 2),
    Fact("subscriber is not patient", "2000B SBR", (absent(2),), 2),
    Fact("patient level", "2000C HL"),
    Fact("claim of the subscriber", "2000B>2300 CLM"),
    Fact("later payer", "2000B SBR", (has(1, *LATER_PAYERS),), 1),
    Fact("other payer", "2320 SBR"),
    Fact("prior payment", "2320 AMT[D]"),
    Fact("prior payment", "2430 SVD"),
    Fact("prior payment date", "2330B DTP[573]"),
    Fact("prior payment date", "2430 DTP[573]"),
    Fact("correction", "2300 CLM", (has((5, 3), "7", "8"),), (5, 3)),
    Fact("original", "2300 CLM", (has((5, 3), "1"),), (5, 3)),
    Fact("original number", "2300 REF[F8]", (), 2),
    *(Fact("accident", "2300 CLM", (has((11, cause), "AA", "OA"),), (11, cause)) for cause in (1, 2, 3)),
    *(Fact("automobile accident", "2300 CLM", (has((11, cause), "AA"),), (11, 4)) for cause in (1, 2, 3)),
    *(Fact("accident state", "2300 CLM", (present((11, place)),)) for place in (4, 5)),
    Fact("accident date", "2300 DTP[439]"),
    Fact("inpatient", "2300 CLM", (has((5, 1), *INPATIENT), has((5, 2), "A"))),
    Fact("admission date", "2300 DTP[435]"),
    Fact("interim bill", "2300 CLM", (has((5, 2), "A"), has((5, 3), "2", "3"))),
    Fact("discharge hour", "2300 DTP[096]", (has(2, "TM"),)),
    Fact("ICD-9", "2300 HI", (has((1, 1), *DIAGNOSES_9),), (1, 1)),
    Fact("ICD-10", "2300 HI", (has((1, 1), *DIAGNOSES_10),), (1, 1)),
    *(Count("diagnoses", "claim", "2300 HI", place, (has((place, 1), *POINTED_AT),)) for place in CODES_IN_HI),
    *(Pointer("DIAGNOSIS_POINTER_INVALID", "2400 SV1", (7, place), "diagnoses") for place in range(1, 5)),
    *(Pointer("DIAGNOSIS_POINTER_INVALID", "2400 SV3", (11, place), "diagnoses") for place in range(1, 5)),
    # the days of service; of an institutional claim its codes are those of the last day (discharge)
    Service("claim", "2300 DTP[472]", 3),
    Service("claim", "2300 DTP[434]", 3, "last"),
    Service("line", "2400 DTP[472]", 3),
)

CLAIMS = Declaration(
    kinds=CLAIM_KINDS,
    scopes=(
        Scope("set", "ST_LOOP ST"),
        Scope("billing provider", "2000A HL"),
        Scope("subscriber", "2000B HL"),
        Scope("patient", "2000C HL"),
        Scope("claim", "2300 CLM"),
        Scope("other payer", "2320 SBR"),
        Scope("line", "2400 LX"),
        Scope("result", "2430 SVD"),
    ),
    observations=(*_BALANCES, *_SITUATIONS),
    judgments=(
        Balance(
            "CLAIM_CHARGE_IMBALANCE",
            "claim",
            ("claim charge", "-line charges"),
            needs=("claim charge", "line charge"),
            at="claim charge",
        ),
        Balance(
            "LINE_PAYER_IMBALANCE",
            "line",
            ("line charge", "-paid", "-adjusted"),
            needs=("line charge",),
            without=("bundled",),
            ledger="results",
            having=("paid", "adjusted"),
        ),
        Balance(
            "CLAIM_PAYER_IMBALANCE",
            "claim",
            ("claim charge", "-paid", "-adjusted", "-lines adjusted"),
            needs=("claim charge",),
            ledger="payers",
            having=("paid",),
            any_of=("adjusted", "lines adjusted"),
        ),
        Situation("PATIENT_IS_SUBSCRIBER", "patient", ("subscriber is patient", "patient level")),
        Situation(
            "PATIENT_RELATIONSHIP_MISSING",
            "subscriber",
            ("subscriber is not patient", "claim of the subscriber"),
            at="subscriber is not patient",
        ),
        Situation("OTHER_PAYER_MISSING", "claim", ("later payer",), ("other payer",), missing="2320 SBR"),
        Situation(
            "PRIOR_PAYMENT_DATE_MISSING",
            "claim",
            ("prior payment",),
            ("prior payment date",),
            missing="2330B DTP[573]",
        ),
        Situation("CLAIM_ORIGINAL_MISSING", "claim", ("correction",), ("original number",), missing="2300 REF[F8]"),
        Situation("CLAIM_ORIGINAL_UNEXPECTED", "claim", ("original", "original number"), at="original number"),
        Situation("ACCIDENT_DATE_MISSING", "claim", ("accident",), ("accident date",), missing="2300 DTP[439]"),
        Situation(
            "ACCIDENT_STATE_MISSING",
            "claim",
            ("automobile accident",),
            ("accident state",),
            at="automobile accident",
        ),
        Situation("ADMISSION_DATE_MISSING", "claim", ("inpatient",), ("admission date",), missing="2300 DTP[435]"),
        Situation("DISCHARGE_HOUR_UNEXPECTED", "claim", ("interim bill", "discharge hour"), at="discharge hour"),
        Situation("DIAGNOSIS_VERSION_INVALID", "claim", ("ICD-9",), at="ICD-9", days_from=FIRST_DAY_OF_ICD_10),
        Situation("DIAGNOSIS_VERSION_INVALID", "claim", ("ICD-10",), at="ICD-10", days_before=FIRST_DAY_OF_ICD_10),
    ),
)
