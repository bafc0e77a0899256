"""How a replay and what it replayed are compared: answers byte by byte, decisions field by field.

Claims are known by where they stand in their files: under other rules some are rejected, and the others have other
numbers of ours. Keys of ours in explanations (`claim_id 17`) are made up anew in every warehouse; such a key is
compared by the place of its claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

ANSWERS = """
select partner || '/' || folder || '/' || file_name as key, sha256 as print from outbox
where cast(:file_id as bigint) is null or file_id = :file_id
order by 1
"""

DECISIONS = """
select concat_ws(' ', c.file_id, c.source_start, d.sequence) as key,
    c.claim_number || ' decision ' || d.sequence as label, c.claim_id, c.claim_number, c.source_start, d.sequence,
    jsonb_build_object(
    'outcome', d.outcome, 'pend_reason', d.pend_reason, 'decided_at', d.decided_at, 'decided_on', d.decided_on,
    'rules_bundle', d.rules_bundle, 'registry_version', d.registry_version, 'plan_id', d.plan_id,
    'claim_status_code', d.claim_status_code, 'charge_cents', d.charge_cents, 'allowed_cents', d.allowed_cents,
    'paid_cents', d.paid_cents, 'patient_responsibility_cents', d.patient_responsibility_cents,
    'explanation', d.explanation, 'reference_versions', d.reference_versions, 'source', d.source,
    'import_id', d.import_id, 'interest_cents', d.interest_cents, 'drg_code', d.drg_code, 'drg_weight', d.drg_weight,
    'discharge_fraction', d.discharge_fraction,
    'lines', (
        select jsonb_agg(to_jsonb(l) - 'decision_id' order by l.line_number)
        from decision_line l where l.decision_id = d.decision_id
    ),
    'adjustments', (
        select jsonb_agg(to_jsonb(a) - 'decision_id' order by a.line_number, a.group_code, a.reason_code)
        from adjustment a where a.decision_id = d.decision_id
    ),
    'remarks', (
        select jsonb_agg(to_jsonb(r) - 'decision_id' order by r.line_number, r.remark_code)
        from decision_remark r where r.decision_id = d.decision_id
    ),
    'accumulators', (
        select jsonb_agg(
            jsonb_build_array(a.holder, a.plan_id, a.counter, a.period_from, e.before, e.taken_back, e.used)
            order by a.holder, a.plan_id, a.counter, a.period_from, e.before, e.used
        )
        from accumulator_entry e join accumulator a using (accumulator_id) where e.decision_id = d.decision_id
    )
) as content
from decision d join claim c using (claim_id)
where cast(:file_id as bigint) is null or c.file_id = :file_id
"""

PRINTS = f"select key, md5(cast(content as text)) as print from ({DECISIONS}) decided order by key"  # noqa: S608 - constants
CONTENTS = f"select key, label, content from ({DECISIONS}) decided where key = any(:keys)"  # noqa: S608 - constants


PLACES = """
select claim_id, concat_ws(' ', 'claim at', file_id, source_start) as place from claim where claim_id = any(:claim_ids)
"""

NEWEST = f"""
select distinct on (claim_id) claim_id, claim_number, source_start, sequence, content from ({DECISIONS}) decided
order by claim_id, sequence desc
"""  # noqa: S608 - as above

SUBSTANCE = (
    *("outcome", "pend_reason", "plan_id", "claim_status_code", "charge_cents", "allowed_cents", "paid_cents"),
    *("patient_responsibility_cents", "lines", "adjustments", "remarks"),
)
"""What a decision comes to: whatever a remittance says of it. The rest is when, by which rules and why."""

KEYS_TOLD = re.compile(r"\bclaim_id (\d+)")
KEY_FACTS = re.compile(r"(^|_)claim_id$|^duplicate_of$")


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer or a decision that did not come out alike, or work that could not be done again."""

    kind: str
    """answer, decision, or work."""
    key: str
    """Of an answer partner, folder and name; of a decision the claim number and which decision of the claim; of work
    its entry in the journal."""
    fields: Mapping[str, tuple[Any, Any]]
    """Recorded and replayed value, by field; where one side has nothing at all the field is `present`, and of work
    that could not be done again it is `refused`."""


def compared(conn: Connection, file_id: int | None = None) -> tuple[int, int]:
    """How many answers and decisions there are to compare, of one file or of all."""
    wanted = {"file_id": file_id}
    return len(_prints(conn, ANSWERS, wanted)), len(_prints(conn, PRINTS, wanted))


def differences(source: Connection, target: Connection, file_id: int | None = None) -> list[Difference]:
    """Answers and decisions, of one file or of all, that are not alike in both warehouses."""
    wanted = {"file_id": file_id}
    answers = _unlike(_prints(source, ANSWERS, wanted), _prints(target, ANSWERS, wanted))
    found = [Difference("answer", key, {"sha256": sides}) for key, sides in answers.items()]
    decided = list(_unlike(_prints(source, PRINTS, wanted), _prints(target, PRINTS, wanted)))
    recorded, replayed = (_contents(conn, {**wanted, "keys": decided}) for conn in (source, target))
    for key in decided:
        if key in recorded and key in replayed:
            fields = _unlike(recorded[key].fields, replayed[key].fields)
        else:
            fields = {"present": (key in recorded, key in replayed)}
        if fields:
            found.append(Difference("decision", (recorded.get(key) or replayed[key]).label, fields))
    return sorted(found, key=lambda one: (one.kind, one.key))


@dataclass(frozen=True, slots=True)
class Newest:
    """The decision in force of a claim."""

    claim_id: int
    claim_number: str
    sequence: int
    substance: Mapping[str, Any]
    """SUBSTANCE of it."""


def newest(conn: Connection, file_id: int) -> dict[int, Newest]:
    """The decisions in force of a file's claims, by where each claim begins in the file."""
    rows = conn.execute(text(NEWEST), {"file_id": file_id})
    return {
        row.source_start: Newest(
            row.claim_id, row.claim_number, row.sequence, {name: row.content[name] for name in SUBSTANCE}
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class _Decided:
    """A decision."""

    label: str
    fields: Mapping[str, Any]


def _prints(conn: Connection, query: str, wanted: Mapping[str, object]) -> dict[str, Any]:
    return {row.key: row.print for row in conn.execute(text(query), wanted)}


def _contents(conn: Connection, wanted: Mapping[str, object]) -> dict[str, _Decided]:
    """Decisions by key, with claims in place of keys of ours."""
    rows = conn.execute(text(CONTENTS), wanted).all()
    keys = sorted({key for row in rows for key in _keys_told(row.content["explanation"])})
    places = {row.claim_id: row.place for row in conn.execute(text(PLACES), {"claim_ids": keys})}
    return {
        row.key: _Decided(row.label, {**row.content, "explanation": _placed(row.content["explanation"], places)})
        for row in rows
    }


def _keys_told(explanation: list[dict[str, Any]]) -> Iterator[int]:
    """Keys of claims in an explanation."""
    for entry in explanation:
        for name, value in entry.items():
            if isinstance(value, str):
                yield from map(int, KEYS_TOLD.findall(value))
            elif isinstance(value, int) and KEY_FACTS.search(name):
                yield value


def _placed(explanation: list[dict[str, Any]], places: Mapping[int, str]) -> list[dict[str, Any]]:
    """The explanation with the places of claims in place of their keys."""

    def placed(name: str, value: object) -> object:
        if isinstance(value, str):
            return KEYS_TOLD.sub(lambda found: places.get(int(found[1]), found[0]), value)
        if isinstance(value, int) and KEY_FACTS.search(name):
            return places.get(value, value)
        return value

    return [{name: placed(name, value) for name, value in entry.items()} for entry in explanation]


def _unlike(recorded: Mapping[str, Any], replayed: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What differs, by key, in order of the keys."""
    keys = sorted(recorded.keys() | replayed.keys())
    pairs = {key: (recorded.get(key), replayed.get(key)) for key in keys}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
