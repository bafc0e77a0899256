"""Codes that synthetic claims use: a few of each list, enough to be plausible, with prices in cents."""

from __future__ import annotations

from typing import NamedTuple


class Service(NamedTuple):
    """A procedure and what it usually costs."""

    code: str
    price: int
    modifiers: tuple[str, ...] = ()
    """Modifiers that it may have."""
    most_units: int = 1


DIAGNOSES = (
    "E119",
    "I10",
    "J069",
    "M545",
    "Z0000",
    "R05",
    "K219",
    "F411",
    "E785",
    "N390",
    "J209",
    "M25561",
    "R51",
    "Z23",
    "L309",
    "H6691",
    "S93401A",
    "G43909",
    "R1013",
    "J45909",
    "E669",
    "I2510",
    "J189",
    "K5900",
    "M1711",
    "N183",
    "R079",
    "Z1231",
    "U071",
    "D649",
)
"""ICD-10-CM, without the dot."""
SERVICES = (
    Service("99213", 9200, ("25", "95")),
    Service("99214", 13100, ("25", "95")),
    Service("99203", 11800, ("25",)),
    Service("85025", 1400),
    Service("80053", 1900, ("90",)),
    Service("36415", 700),
    Service("93000", 3300),
    Service("71046", 4600, ("26", "TC")),
    Service("90471", 2500),
    Service("97110", 3900, ("GP", "59"), 4),
    Service("81002", 500, ("QW",)),
    Service("G0439", 12500),
    Service("A0425", 900, ("RH",), 20),
    Service("E0601", 8500, ("RR", "KX")),
)
"""HCPCS, levels one and two."""
DRUGS = (
    Service("J1885", 2300, (), 2),
    Service("J3420", 1100),
    Service("J0696", 1600, (), 4),
)
"""HCPCS of injections, which name their drug as well."""
NATIONAL_DRUG_CODES = ("00409379601", "63323004401", "00781320995")
ANAESTHESIA = Service("00790", 600, ("AA", "P1"))
"""Billed by the minute."""
REVENUE = (
    ("0120", Service("", 125000)),
    ("0250", Service("", 8400)),
    ("0270", Service("", 5300)),
    ("0300", Service("80053", 4200)),
    ("0301", Service("85025", 3600)),
    ("0324", Service("71046", 21000)),
    ("0450", Service("99284", 61000, ("25",))),
    ("0636", Service("J1885", 2300, (), 4)),
    ("0730", Service("93005", 18500)),
    ("0260", Service("96374", 22400)),
)
"""Revenue codes with the procedure that an outpatient bill names."""
ROOM = "0120"
BILL_TYPES_OF_STAYS = ("11", "11", "11", "18", "21")
BILL_TYPES_OF_VISITS = ("13", "13", "13", "83", "85")
PLACES_OF_SERVICE = ("11", "11", "11", "11", "22", "23", "12", "02")
HOSPITAL = "21"
PROCEDURES_OF_STAYS = ("0DTJ4ZZ", "0SRC0J9", "4A023N7", "10E0XZZ", "0FT44ZZ")
"""ICD-10-PCS."""
DRGS = ("470", "743", "392", "871", "291")
TAXONOMIES = ("207Q00000X", "208000000X", "207R00000X", "363LF0000X", "174400000X")
CLINIC, HOSPITAL_TAXONOMY, DENTIST, DENTAL_CLINIC = "261QP2300X", "282N00000X", "1223G0001X", "261QD0000X"
FILING_INDICATORS = ("CI", "CI", "BL", "HM", "12")
RELATIONS = ("01", "19", "19", "19", "G8", "53")
"""PAT01: spouse, child, other, life partner."""
DENTAL_SERVICES = (
    Service("D0120", 5200),
    Service("D0150", 8600),
    Service("D0274", 6400),
    Service("D1110", 9800),
)
"""Of the whole mouth."""
DENTAL_WORK = (Service("D2392", 21500), Service("D2740", 118000), Service("D7140", 18400), Service("D3310", 79000))
"""On a tooth."""
DENTAL_AREA_WORK = (Service("D4341", 23900), Service("D4910", 14200))
"""In a quadrant."""
SURFACES = ("M", "O", "D", "M:O", "O:D", "M:O:D", "B", "L")
QUADRANTS = ("10", "20", "30", "40")
TEETH = tuple(str(tooth) for tooth in range(1, 33))
OTHER_PAYERS = (
    ("SUMMIT MUTUAL", "SM001"),
    ("GRANITE STATE HEALTH", "GSH77"),
    ("PRAIRIE BENEFIT FUND", "PBF12"),
    ("LAKESIDE ASSURANCE", "LA440"),
)
NOTES = ("PATIENT SEEN FOR FOLLOW UP", "SERVICE PROVIDED AT HOME", "SEE ATTACHED REPORT", "REFERRED BY SCHOOL NURSE")
ACCIDENT_STATES = ("CT", "NY", "OH", "TX")
