"""What the tables of an 834 say of members, as rows of the tables of `loaders.schema.member_details`.

Each row keeps `member_row`, the row of the member who sent it, and its bytes. What stands in the member's own row or
in the spans of coverage is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.person_keys import SSN_REFERENCE, sealed
from loaders.staging import identifier_key

MEMBER_NUMBERS = ("0F", "1L")
"""REF01 in 2000: subscriber number and group number."""
MEMBER_DAYS = ("303", "356", "357")
"""DTP01 in 2000: when a change holds from, and eligibility."""
COVERAGE_DAYS = ("303", "348", "349")
"""DTP01 in 2300: what spans are made of."""

Rows = dict[str, pa.ChunkedArray]


@dataclass(frozen=True, slots=True)
class Said:
    """The tables of a file, and the key under which social security numbers are hashed."""

    tables: Mapping[str, pa.Table]
    identity_key: bytes | None

    def rows(self, name: str) -> pa.Table | None:
        """A table of the 834, None where it is not there or empty."""
        table = self.tables.get(f"enrollment_{name}")
        return table if table is not None and table.num_rows else None

    def of_coverage(self, name: str, rows: pa.ChunkedArray) -> pa.ChunkedArray:
        """A column of the coverages that rows are about, empty for those that are about none."""
        return pc.take(self.tables["enrollment_coverage"][name], rows)

    def coverage_place(self, coverage_rows: pa.ChunkedArray) -> Rows:
        """Insurance line and plan code of those coverages."""
        return {name: identifier_key(self.of_coverage(name, coverage_rows)) for name in ("insurance_line", "plan_code")}

    def ordinal(self, table: str, rows: pa.ChunkedArray) -> pa.ChunkedArray:
        """The ordinals of other coverages, parties or disabilities that rows are about."""
        named = self.rows(table)
        if named is None:
            return pa.chunked_array([pa.nulls(len(rows), pa.int64())])
        keys = {"party": ("parent_row", "loop", "coverage_row", "other_coverage_row")}.get(table, ("parent_row",))
        return pc.take(ordinals(*(named[key] for key in keys)), rows)


def ordinals(*keys: pa.ChunkedArray) -> pa.ChunkedArray:
    """By row: its place, from 1, among those with equal keys."""
    count = len(keys[0])
    codes = [
        pc.fill_null(pa.concat_arrays(key.chunks or [pa.array([], key.type)]).dictionary_encode().indices, -1).to_numpy(
            zero_copy_only=False
        )
        for key in keys
    ]
    order = np.lexsort((np.arange(count), *codes))
    begins = np.ones(count, bool)
    begins[1:] = np.any([code[order][1:] != code[order][:-1] for code in codes], axis=0)
    first = np.maximum.accumulate(np.where(begins, np.arange(count), 0))
    numbers = np.empty(count, np.int64)
    numbers[order] = np.arange(count) - first + 1
    return pa.chunked_array([pa.array(numbers)])


def own_row(table: pa.Table) -> pa.ChunkedArray:
    """By row: its own number."""
    return pa.chunked_array([pa.array(np.arange(table.num_rows, dtype=np.int64))])


def _finished(table: pa.Table, member_rows: pa.ChunkedArray, columns: Mapping[str, pa.ChunkedArray]) -> pa.Table:
    spans = {name: table[name] for name in ("source_start", "source_stop")}
    return pa.table({"member_row": member_rows, **columns, **spans})


def _same(table: pa.Table, *names: str) -> Rows:
    return {name: table[name] for name in names}


def _besides(table: pa.Table, loop: str, qualifiers: tuple[str, ...]) -> pa.ChunkedArray:
    """Rows that are not of these qualifiers in this loop, and not above the members."""
    held = pc.and_(pc.equal(table["loop"], loop), pc.is_in(table["qualifier"], pa.array(qualifiers)))
    return pc.and_(pc.invert(pc.fill_null(held, fill_value=False)), pc.greater_equal(table["parent_row"], 0))


def references(said: Said) -> pa.Table | None:
    """REF of members, coverages and other coverages."""
    table = said.rows("reference")
    if table is None:
        return None
    table = table.filter(_besides(table, "2000", MEMBER_NUMBERS))
    return _finished(
        table,
        table["parent_row"],
        {
            "loop": table["loop"],
            **said.coverage_place(table["coverage_row"]),
            "other_coverage": said.ordinal("other_coverage", table["other_coverage_row"]),
            "qualifier": table["qualifier"],
            "value": sealed(table["qualifier"], table["value"], said.identity_key, SSN_REFERENCE),
        },
    )


def dates(said: Said) -> pa.Table | None:
    """DTP of members, disabilities, coverages and other coverages."""
    table = said.rows("date")
    if table is None:
        return None
    table = table.filter(_besides(table, "2000", MEMBER_DAYS))
    table = table.filter(_besides(table, "2300", COVERAGE_DAYS))
    return _finished(
        table,
        table["parent_row"],
        {
            "loop": table["loop"],
            **said.coverage_place(table["coverage_row"]),
            "other_coverage": said.ordinal("other_coverage", table["other_coverage_row"]),
            "disability": said.ordinal("disability", table["disability_row"]),
            **_same(table, "qualifier", "format", "value", "first_day", "last_day"),
        },
    )


def amounts(said: Said) -> pa.Table | None:
    """AMT of members and coverages."""
    table = said.rows("amount")
    if table is None:
        return None
    place = {"loop": table["loop"], **said.coverage_place(table["coverage_row"])}
    return _finished(table, table["parent_row"], {**place, **_same(table, "qualifier", "amount_cents")})


PARTY_COLUMNS = (
    *("entity_code", "entity_type", "last_or_organization_name", "first_name", "middle_name", "name_prefix"),
    *("name_suffix", "id_qualifier", "address_1", "address_2", "city", "state", "zip", "country"),
    *("country_subdivision", "birth_date", "gender", "marital_status", "citizenship", "race_collection_qualifier"),
    "race_collection",
)


def parties(said: Said) -> pa.Table | None:
    """NM1 other than the member's own."""
    table = said.rows("party")
    if table is None:
        return None
    return _finished(
        table,
        table["parent_row"],
        {
            "loop": table["loop"],
            **said.coverage_place(table["coverage_row"]),
            "other_coverage": said.ordinal("other_coverage", table["other_coverage_row"]),
            "ordinal": said.ordinal("party", own_row(table)),
            **_same(table, *PARTY_COLUMNS),
            "identifier": sealed(table["id_qualifier"], table["identifier"], said.identity_key),
        },
    )


def contacts(said: Said) -> pa.Table | None:
    """PER."""
    table = said.rows("contact")
    if table is None:
        return None
    party, provider = said.rows("party"), said.rows("provider")
    reached = said.ordinal("party", table["party_row"])
    if provider is not None:
        reached = pc.coalesce(reached, pc.take(provider["number"], table["provider_row"]))
    insurers = pa.chunked_array([pa.nulls(table.num_rows, pa.int64())])
    if party is not None:
        insurers = pc.take(party["other_coverage_row"], table["party_row"])
    return _finished(
        table,
        table["parent_row"],
        {
            "loop": table["loop"],
            **said.coverage_place(table["coverage_row"]),
            "other_coverage": said.ordinal("other_coverage", insurers),
            "party": reached,
            **_same(table, "function", "name"),
            **_same(table, *(f"{part}_{number}" for number in (1, 2, 3) for part in ("qualifier", "number"))),
        },
    )


TRAITS: Mapping[str, Mapping[str, str]] = {
    "employment_class": {"value": "employment_class"},
    "race": {"loop": "loop", "value": "race", "qualifier": "qualifier", "code": "code"},
    "language": {
        "qualifier": "qualifier",
        "code": "language",
        "name": "language_name",
        "proficiency": "proficiency",
    },
}
TRAIT_COLUMNS = ("loop", "value", "qualifier", "code", "name", "proficiency")


def traits(said: Said) -> pa.Table | None:
    """EC, DMG05, LUI, and HD09 of coverages."""
    found = []
    for kind, columns in TRAITS.items():
        table = said.rows(kind)
        if table is not None:
            texts = {name: table[columns[name]] if name in columns else _nothing(table) for name in TRAIT_COLUMNS}
            if "loop" not in columns:
                texts["loop"] = _word("2100A", table)
            places = {"insurance_line": _nothing(table), "plan_code": _nothing(table)}
            found.append(_finished(table, table["parent_row"], {"kind": _word(kind, table), **places, **texts}))
    coverages = said.rows("coverage")
    if coverages is not None and coverages["late_enrollment"].null_count < coverages.num_rows:
        late = coverages.filter(pc.is_valid(coverages["late_enrollment"]))
        texts = {name: _nothing(late) for name in TRAIT_COLUMNS}
        texts |= {"loop": _word("2300", late), "value": late["late_enrollment"]}
        places = {name: identifier_key(late[name]) for name in ("insurance_line", "plan_code")}
        found.append(_finished(late, late["parent_row"], {"kind": _word("late_enrollment", late), **places, **texts}))
    return pa.concat_tables(found) if found else None


def _nothing(table: pa.Table) -> pa.ChunkedArray:
    return pa.chunked_array([pa.nulls(table.num_rows, pa.string())])


def _word(word: str, table: pa.Table) -> pa.ChunkedArray:
    return pa.chunked_array([pa.repeat(pa.scalar(word), table.num_rows)])


def disabilities(said: Said) -> pa.Table | None:
    """DSB."""
    table = said.rows("disability")
    if table is None:
        return None
    numbered = {"ordinal": said.ordinal("disability", own_row(table))}
    columns = {**numbered, **_same(table, "kind", "diagnosis_qualifier", "diagnosis")}
    return _finished(table, table["parent_row"], columns)


CATEGORY_COLUMNS = (
    *("number", "entity_code", "name", "qualifier", "value", "date_qualifier", "date_format"),
    *("first_day", "last_day"),
)


def categories(said: Said) -> pa.Table | None:
    """LX under LS*2700."""
    table = said.rows("reporting_category")
    return None if table is None else _finished(table, table["parent_row"], _same(table, *CATEGORY_COLUMNS))


def cards(said: Said) -> pa.Table | None:
    """IDC."""
    table = said.rows("identification_card")
    if table is None:
        return None
    place = {"loop": _word("2300", table), **said.coverage_place(table["coverage_row"])}
    return _finished(table, table["parent_row"], {**place, **_same(table, "plan", "kind", "count", "action")})


def other_coverages(said: Said) -> pa.Table | None:
    """COB."""
    table = said.rows("other_coverage")
    if table is None:
        return None
    service = said.rows("other_coverage_service")
    texts = [""] * table.num_rows
    if service is not None:
        pairs = zip(service["parent_row"].to_pylist(), service["service_type"].to_pylist(), strict=True)
        for row, kind in pairs:
            texts[row] = f"{texts[row]} {kind}".strip()
    return _finished(
        table,
        said.of_coverage("parent_row", table["parent_row"]),
        {
            "loop": _word("2320", table),
            **said.coverage_place(table["parent_row"]),
            "ordinal": said.ordinal("other_coverage", own_row(table)),
            **_same(table, "responsibility", "group_number", "coordination"),
            "service_types": pa.chunked_array([pa.array([text or None for text in texts], pa.string())]),
        },
    )


PROVIDER_COLUMNS = (
    *("entity_code", "entity_type", "last_or_organization_name", "first_name", "middle_name", "name_prefix"),
    *("name_suffix", "id_qualifier", "relation", "city", "state", "zip", "country", "country_subdivision"),
    *("number", "change", "change_entity", "change_effective", "change_reason"),
)


def providers(said: Said) -> pa.Table | None:
    """LX and NM1 in 2310, with the days from which they may hold."""
    table = said.rows("provider")
    if table is None:
        return None
    street = said.rows("provider_street")
    lines: list[list[str]] = [[] for _ in range(table.num_rows)]
    if street is not None:
        for row in street.select(["parent_row", "address_1", "address_2"]).to_pylist():
            lines[row["parent_row"]] += [row[name] for name in ("address_1", "address_2") if row[name]]
    addresses = pa.array(["\n".join(parts) or None for parts in lines], pa.string())
    return _finished(
        table,
        said.of_coverage("parent_row", table["parent_row"]),
        {
            "loop": _word("2310", table),
            **said.coverage_place(table["parent_row"]),
            **_same(table, *PROVIDER_COLUMNS),
            "identifier": sealed(table["id_qualifier"], table["identifier"], said.identity_key),
            "address": pa.chunked_array([addresses]),
            "begins_on": said.of_coverage("begin", table["parent_row"]),
            "changes_on": said.of_coverage("maintenance_effective", table["parent_row"]),
        },
    )


@dataclass(frozen=True, slots=True)
class Statement:
    """One table of statements: how its rows are read, and which of a member's rows a new one takes the place of."""

    table: str
    read: Callable[[Said], pa.Table | None]
    scope: tuple[str, ...]
    """A member's rows that are equal in these are replaced together."""


STATEMENTS = (
    Statement("member_reference", references, ("loop", "insurance_line", "other_coverage", "qualifier")),
    Statement("member_date", dates, ("loop", "insurance_line", "other_coverage", "disability", "qualifier")),
    Statement("member_amount", amounts, ("loop", "insurance_line", "qualifier")),
    Statement("member_party", parties, ("loop", "insurance_line")),
    Statement("member_contact", contacts, ("loop", "insurance_line")),
    Statement("member_trait", traits, ("kind", "loop", "insurance_line")),
    Statement("member_disability", disabilities, ()),
    Statement("member_reporting_category", categories, ()),
    Statement("member_card", cards, ("insurance_line",)),
    Statement("member_other_coverage", other_coverages, ("insurance_line",)),
)
