"""Reference data of adjudication: loaded as versions, and read for the claims that are decided."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from sqlalchemy import Connection, text

from edi.codes.reasons import KnownCodes
from edi.import_problems import SHOWN
from edi.reference_data import ReferenceFacts
from loaders import journal
from loaders.copy import copy_table
from loaders.frames import read_frame
from loaders.id_lists import id_list
from loaders.reference_files import ReferenceRefused, read_reference

if TYPE_CHECKING:
    import pandas as pd

LOCK = 8_350_020
"""Key of the advisory lock that lets one process load reference data at a time."""

NEWEST = """
select v.kind, v.version_id, v.sha256, v.rows from reference_version v
where v.version_id = (select max(version_id) from reference_version where kind = v.kind)
order by v.kind
"""

ADD = "insert into reference_version (kind, sha256, rows, loaded_at) values (:kind, :sha256, :rows, :now)"

LOOK_UPS: Mapping[str, str] = {
    "fee": """(r.procedure_code in (select procedure_code from claim_line where claim_id = any(:claim_ids))
        or r.procedure_code is null and (r.revenue_code is null and r.drg_code is null
            or r.revenue_code in (select revenue_code from claim_line where claim_id = any(:claim_ids))
            or r.drg_code in (select drg_code from claim where claim_id = any(:claim_ids))))""",
    "code": """(
        r.code_set = 'procedure'
            and r.code in (select procedure_code from claim_line where claim_id = any(:claim_ids))
        or r.code_set = 'revenue'
            and r.code in (select revenue_code from claim_line where claim_id = any(:claim_ids))
        or r.code_set = 'diagnosis'
            and r.code in (select replace(code, '.', '') from claim_diagnosis where claim_id = any(:claim_ids))
        or r.code_set in ('modifier', 'place', 'bill_type'))""",
    "service_rule": """(
        r.subject = 'procedure'
            and r.code in (select procedure_code from claim_line where claim_id = any(:claim_ids))
        or r.subject = 'diagnosis'
            and r.code in (select replace(code, '.', '') from claim_diagnosis where claim_id = any(:claim_ids)))""",
    # the other one of a pair may have been paid on an earlier claim; arrays: of two sets no index is used
    "bundle": """(
        r.bundled_code = any(array(select distinct procedure_code from claim_line where claim_id = any(:claim_ids)))
        or r.procedure_code = any(array(
            select distinct procedure_code from claim_line where claim_id = any(:claim_ids))))""",
    "unit_limit": "r.procedure_code in (select procedure_code from claim_line where claim_id = any(:claim_ids))",
    "authorization_rule": """(r.procedure_code is null
        or r.procedure_code in (select procedure_code from claim_line where claim_id = any(:claim_ids)))""",
    "authorization": """r.number in (
        select prior_authorization from claim where claim_id = any(:claim_ids)
        union all select referral_number from claim where claim_id = any(:claim_ids))""",
    "core_combination": "true",
    "exclusion": """(r.procedure_code is null
        or r.procedure_code in (select procedure_code from claim_line where claim_id = any(:claim_ids)))""",
    "rendering_provider": """r.npi in (
        select rendering_npi from claim where claim_id = any(:claim_ids)
        union all select rendering_npi from claim_line where claim_id = any(:claim_ids))""",
    "coverage_policy": "r.procedure_code in (select procedure_code from claim_line where claim_id = any(:claim_ids))",
    "attachment_rule": """(r.procedure_code is null
        or r.procedure_code in (select procedure_code from claim_line where claim_id = any(:claim_ids)))""",
    "attachment": "r.control_number in (select control_number from claim_attachment where claim_id = any(:claim_ids))",
}
"""Which rows of a table may be about some claims."""

REMARK = "remark_code"
LISTS_OF_OTHERS = ("core_combination",)
"""Tables whose codes are not the plan's own words."""

CODE_SETS = "select distinct code_set from reference_code where version_id = :version_id order by 1"

CLAIMS = """
select c.claim_id, c.prior_authorization, c.referral_number, c.drg_code, upper(trim(c.subscriber_id)) as subscriber_id,
    coalesce(m.birth_date, c.patient_birth_date) as birth_date, coalesce(m.gender, c.patient_gender) as gender
from claim c left join member m using (member_id)
where c.claim_id = any(:claim_ids) order by c.claim_id
"""

DIAGNOSES = """
select claim_id, ordinal, qualifier, replace(code, '.', '') as code from claim_diagnosis
where claim_id = any(:claim_ids) order by claim_id, ordinal
"""

POINTERS = """
select l.claim_id, l.line_number, p.ordinal
from claim_line l
cross join lateral unnest(
    array[diagnosis_pointer_1, diagnosis_pointer_2, diagnosis_pointer_3, diagnosis_pointer_4]
) p (ordinal)
where l.claim_id = any(:claim_ids) and p.ordinal is not null
    and l.procedure_code in (select procedure_code from reference_coverage_policy where version_id = :version_id)
order by 1, 2, 3
"""

RENDERINGS = """
select claim_id, l.line_number, coalesce(l.rendering_npi, c.rendering_npi) as rendering_npi
from claim c join claim_line l using (claim_id)
where claim_id = any(:claim_ids) and coalesce(l.rendering_npi, c.rendering_npi) is not null and c.kind in ('P', 'D')
order by 1, 2
"""

PAPERWORK = """
select claim_id, line_number, report_type, transmission, control_number
from claim_attachment where claim_id = any(:claim_ids) order by claim_id, ordinal
"""


@dataclass(frozen=True, slots=True)
class LoadedReference:
    """A version of reference data that is in force now."""

    kind: str
    version: int
    rows: int


def load_reference(
    conn: Connection, kind: str, path: Path, now: datetime, remarks: KnownCodes | None = None
) -> LoadedReference:
    """Load a file as the version in force of its kind. Content equal to that of the one in force makes no new one.

    Args:
        conn: a transaction.
        kind: of `edi.reference_data.TABLES`.
        path: the file.
        now: when.
        remarks: what the plan may say in a denial; None: any.

    Raises:
        loaders.reference_files.ReferenceRefused: the file is not of that kind, or has remarks that nobody knows.
    """
    table = read_reference(kind, path)
    if remarks is not None and REMARK in table.column_names and kind not in LISTS_OF_OTHERS:
        _refuse_unknown(table, remarks)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    conn.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
    for row in conn.execute(text(NEWEST)).mappings():
        if row["kind"] == kind and row["sha256"] == sha256:
            return LoadedReference(kind, row["version_id"], row["rows"])
    added = {"kind": kind, "sha256": sha256, "rows": len(table), "now": now}
    version = int(conn.execute(text(f"{ADD} returning version_id"), added).scalar_one())
    versions = pa.array([version] * len(table), pa.int64())
    copy_table(conn, table.append_column("version_id", versions), f"reference_{kind}")
    journal.record(conn, "reference", now, version)
    return LoadedReference(kind, version, len(table))


def _refuse_unknown(table: pa.Table, remarks: KnownCodes) -> None:
    said = table[REMARK].to_pylist()
    faults = {code: fault for code in set(said) - {None} if (fault := remarks.fault(code)) is not None}
    told = [f"row {row}: {faults[code]}" for row, code in enumerate(said, 1) if code in faults]
    if told:
        more = [f"and {len(told) - SHOWN} more"] if len(told) > SHOWN else []
        raise ReferenceRefused("\n".join([*told[:SHOWN], *more]))


def versions_in_force(conn: Connection) -> dict[str, int]:
    """The newest version of each kind that was ever loaded."""
    return {row["kind"]: int(row["version_id"]) for row in conn.execute(text(NEWEST)).mappings()}


def core_combinations(conn: Connection) -> pd.DataFrame | None:
    """The newest list of CORE's combinations; None where none was ever loaded."""
    version = versions_in_force(conn).get("core_combination")
    if version is None:
        return None
    query = text("select * from reference_core_combination where version_id = :version_id order by row_id")
    return read_frame(conn, query, {"version_id": version})


def read(conn: Connection, claim_ids: Sequence[int]) -> ReferenceFacts | None:
    """Reference data in force for these claims; None when nothing was ever loaded."""
    versions = versions_in_force(conn)
    if not versions:
        return None
    wanted = {"claim_ids": id_list(claim_ids)}
    tables = {
        kind: read_frame(
            conn,
            text(
                f"select r.* from reference_{kind} r where r.version_id = :version_id and {LOOK_UPS[kind]}"  # noqa: S608
                " order by r.row_id"
            ),
            {**wanted, "version_id": version},
        )
        for kind, version in versions.items()
    }
    if "code" in versions:
        tables["code_set"] = read_frame(conn, text(CODE_SETS), {"version_id": versions["code"]})
    policy = {**wanted, "version_id": versions.get("coverage_policy")}
    return ReferenceFacts(
        tables=tables,
        versions=versions,
        claims=read_frame(conn, text(CLAIMS), wanted),
        diagnoses=read_frame(conn, text(DIAGNOSES), wanted),
        pointers=read_frame(conn, text(POINTERS), policy) if "coverage_policy" in versions else None,
        renderings=read_frame(conn, text(RENDERINGS), wanted) if "rendering_provider" in versions else None,
        paperwork=read_frame(conn, text(PAPERWORK), wanted) if "attachment_rule" in versions else None,
    )
