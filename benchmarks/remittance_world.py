"""The warehouse of the remittance benchmark: the decided claims of `remittance_week`, with members and payees, by COPY.

A finished warehouse is a folder. What is measured is a copy of it, so every run finds the same claims due.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from claims_history import settle_down
from claims_world import DEMO, READY, opened
from remittance_week import week
from sqlalchemy import Connection, text

from edi.payments_due import PaymentsDue
from edi.synthetic.identifiers import npi, tin
from loaders.copy import copy_table
from loaders.migrate import upgrade
from loaders.providers import load_registry
from loaders.staging import storable_columns
from pipeline.clock import CLOCK_FILE
from pipeline.house import House

PARTNER = "clearlink"
FIRST_WEEK = datetime(2026, 6, 22, 13, tzinfo=UTC)
CLAIMS_A_MEMBER = 4
FILE_ID = 1
INTEREST = """\
  payment_lag_days: 2
  interest:
    rules:
      CT-ELECTRONIC:
        states: [CT]
        submission: electronic
        days: 20
        percent_a_year: 15
        least: 1.00
        below_least: pooled
        effective_from: 2026-01-01
        source: benchmark
"""
SERIES = (
    *(("claim", "claim_id"), ("claim_family", "family_id"), ("decision", "decision_id"), ("member", "member_id")),
    *(("file", "file_id"), ("provider_account_load", "load_id"), ("provider_account_entry", "entry_id")),
)
AGAIN = """
create temporary table again on commit drop as
select d.decision_id as before, d.claim_id, nextval(pg_get_serial_sequence('decision', 'decision_id')) as decision_id
from decision d;
insert into decision (decision_id, claim_id, sequence, outcome, decided_at, decided_on, rules_bundle, plan_id,
    claim_status_code, charge_cents, allowed_cents, paid_cents, patient_responsibility_cents, explanation)
select a.decision_id, a.claim_id, 2, 'denied', d.decided_at + interval '7 days', d.decided_on + 7, d.rules_bundle,
    d.plan_id, '1', d.charge_cents, 0, 0, 0, '[]'
from again a join decision d on d.decision_id = a.before;
insert into decision_line (decision_id, line_number, charge_cents, allowed_cents, paid_cents)
select a.decision_id, l.line_number, l.charge_cents, 0, 0 from again a join decision_line l on l.decision_id = a.before;
insert into adjustment (decision_id, line_number, group_code, reason_code, amount_cents)
select a.decision_id, l.line_number, 'CO', '29', l.charge_cents
from again a join decision_line l on l.decision_id = a.before;
insert into decision_remark (decision_id, line_number, remark_code)
select a.decision_id, l.line_number, 'N130' from again a join decision_line l on l.decision_id = a.before;
update claim set state = 'denied';
update remittance_claim p set stands = false from again a where p.claim_id = a.claim_id and p.stands
"""
"""Everything is decided again a week later, and nothing of it is paid."""


@contextmanager
def due_house(folder: Path, claims: int, lines: int, payees: int) -> Iterator[House]:
    """A house in which so many decided claims are due; it goes when it was left."""
    place = folder / f"{claims}-claims-{lines}-lines-{payees}-payees"
    if not (place / READY).exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        print(f"{claims} decided claims, {lines} lines, {payees} payees ...", flush=True)
        _make(place, claims, lines, payees)
        (place / READY).touch()
    measured = folder / f"{place.name}-measured"
    shutil.rmtree(measured, ignore_errors=True)
    # with its owners: PostgreSQL starts in a folder of its own account only
    subprocess.run(["cp", "-a", str(place), str(measured)], check=True)  # noqa: S603, S607
    try:
        with opened(measured) as house:
            yield house
    finally:
        shutil.rmtree(measured, ignore_errors=True)


def decide_again(house: House) -> None:
    """Deny in the next week all that was remitted: what was sent is taken back."""
    with house.warehouse.begin() as connection:
        for statement in AGAIN.split(";"):
            connection.execute(text(statement))
    settle_down(house.warehouse)


def _make(place: Path, claims: int, lines: int, payees: int) -> None:
    due = week(claims, lines, payees, PARTNER)
    _configure(place / "config", payees)
    (place / CLOCK_FILE).write_text(FIRST_WEEK.isoformat())
    with opened(place) as house:
        upgrade(house.warehouse.engine)
        given = house.configuration
        with house.warehouse.begin() as connection:
            load_registry(connection, given.providers_csv, given.payees_csv, house.now())
        with house.warehouse.begin() as connection:
            # no file of claims stands behind these
            connection.execute(text("set local session_replication_role = replica"))
            _store(connection, due)
            for table, key in SERIES:
                connection.execute(
                    text(
                        f"select setval(pg_get_serial_sequence('{table}', '{key}'),"  # noqa: S608 - our own names
                        f" (select coalesce(max({key}), 1) from {table}))"
                    )
                )
        settle_down(house.warehouse)


def _configure(folder: Path, payees: int) -> None:
    """The demo's configuration with rules of interest and as many payees, each with one provider."""
    shutil.copytree(DEMO / "config", folder)
    settings = folder / "settings.yaml"
    settings.write_text(settings.read_text().replace("  payment_lag_days: 2\n", INTEREST))
    for name, rows in (
        (
            "providers.csv",
            [f"{npi(each)},{tin(each)},CLINIC {each},207Q00000X,2020-01-01,,P{each:05d}" for each in range(payees)],
        ),
        (
            "payees.csv",
            [
                f"P{each:05d},CLINIC {each} LLC,{npi(each)},{tin(each)},20 WATER STREET,EXAMPLETOWN,CT,06002,"
                f"{PARTNER},{PARTNER},ACH,999999992,{7_000_000 + each}"
                for each in range(payees)
            ],
        ),
    ):
        head = (DEMO / "config" / name).read_text().splitlines()[0]
        (folder / name).write_text("\n".join([head, *rows, ""]))


def _store(connection: Connection, due: PaymentsDue) -> None:
    """Claims, lines, parties and decisions of the week's originals; a decision has the number of its claim."""
    claims = due.claims
    ids = claims["claim_id"].to_numpy()
    number = ids - ids.min()
    member = number // CLAIMS_A_MEMBER + 1
    payee = claims["payee_id"].str[1:].astype(int).to_numpy()
    distinct = np.unique(payee)
    npis = {each: npi(each) for each in distinct.tolist()}
    tins = {each: tin(each) for each in distinct.tolist()}
    names = due.names.drop_duplicates("claim_id").set_index("claim_id").loc[ids]
    named = {
        "patient_last_name": names["last_name"].to_numpy(),
        "patient_first_name": names["first_name"].to_numpy(),
        "subscriber_id": [f"M{each:07d}" for each in member],
    }
    _copy(connection, "member", _members(pd.DataFrame({"member_id": member, **named}).drop_duplicates("member_id")))
    place = {"file_id": FILE_ID, "source_start": number, "source_stop": number + 1}
    _copy(connection, "claim_family", pd.DataFrame({"family_id": ids, "current_version": 1, "state": "active"}))
    own = claims.assign(family_id=ids, version=1, version_state="active", state=claims["outcome"], is_test=False)
    own = own.assign(
        frequency_code="1",
        member_id=member,
        billing_npi=[npis[each] for each in payee.tolist()],
        billing_tin=[tins[each] for each in payee.tolist()],
        rendering_npi=[npi(100_000 + each) for each in (payee % 1_000).tolist()],
        **named,
        **place,
    )
    _copy(connection, "claim", own[[*CLAIM, *named, *place]])
    lines = due.lines.assign(quantity=due.lines["units"], source_start=0, source_stop=1)
    _copy(connection, "claim_line", lines[list(LINE)])
    _copy(connection, "claim_party", _parties(own))
    decided = claims.assign(
        sequence=1,
        decided_at="2026-06-19 15:00+00",
        decided_on="2026-06-19",
        rules_bundle="0" * 64,
        claim_status_code=claims["status_code"],
        allowed_cents=claims["paid_cents"] + claims["patient_responsibility_cents"],
        explanation="[]",
    )
    _copy(connection, "decision", decided[list(DECISION)])
    decided_lines = due.lines.assign(decision_id=due.lines["claim_id"])
    _copy(connection, "decision_line", decided_lines[list(DECIDED_LINE)])
    _copy(
        connection,
        "adjustment",
        due.adjustments.rename(columns={"claim_id": "decision_id"}).drop(columns="quantity"),
    )
    _copy(connection, "decision_remark", due.remarks.rename(columns={"claim_id": "decision_id"}))
    load = {"load_id": 1, "archive_path": "-", "loaded_at": "2026-06-19 15:00+00", "loaded_by": "benchmark"}
    _copy(connection, "provider_account_load", pd.DataFrame([load | {"added": len(due.entries), "changed": 0}]))
    entries = due.entries.assign(due_from="2026-06-01", recorded_at="2026-06-19 15:00+00", load_id=1)
    _copy(connection, "provider_account_entry", entries)


def _members(found: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "member_id": found["member_id"],
            "group_id": "ACME",
            "subscriber_number": found["subscriber_id"],
            "member_suffix": 1,
            "last_name": found["patient_last_name"],
            "first_name": found["patient_first_name"],
            "first_name_key": found["patient_first_name"],
            "birth_date": "1980-01-01",
            "is_subscriber": True,
            "relationship_code": "18",
            "recorded_at": "2026-01-02 15:00+00",
            "file_id": FILE_ID,
            "source_start": 0,
            "source_stop": 1,
        }
    )


def _parties(claims: pd.DataFrame) -> pd.DataFrame:
    """Who bills, who is insured and who gave the service."""
    common = {"claim_id": claims["claim_id"]}
    parties = (
        {"ordinal": 1, "loop": "2010AA", "entity_code": "85", "entity_type": "2", "last_or_organization_name": "CLINIC"}
        | {"id_qualifier": "XX", "identifier": claims["billing_npi"]},
        {"ordinal": 2, "loop": "2010BA", "entity_code": "IL", "entity_type": "1", "id_qualifier": "MI"}
        | {"last_or_organization_name": claims["patient_last_name"], "identifier": claims["subscriber_id"]},
        {"ordinal": 3, "loop": "2310B", "entity_code": "82", "entity_type": "1", "id_qualifier": "XX"}
        | {"last_or_organization_name": "SMITH", "first_name": "JANE", "identifier": claims["rendering_npi"]},
    )
    return pd.concat([pd.DataFrame(common | each) for each in parties])


def _copy(connection: Connection, table: str, rows: pd.DataFrame) -> None:
    plain = rows.assign(
        **{name: rows[name].dt.strftime("%Y-%m-%d") for name in rows if rows[name].dtype.kind == "M"},
    )
    copy_table(connection, storable_columns(pa.Table.from_pandas(plain, preserve_index=False)), table)


CLAIM = (
    *("claim_id", "claim_number", "family_id", "version", "version_state", "state", "partner", "is_test", "kind"),
    *("patient_control_number", "charge_cents", "facility_code", "frequency_code", "filing_indicator", "member_id"),
    *("billing_npi", "billing_tin", "rendering_npi", "service_from", "service_through", "received_date"),
)
LINE = (
    *("claim_id", "line_number", "procedure_qualifier", "procedure_code", "modifier_1", "charge_cents", "quantity"),
    *("service_from", "service_through", "line_control_number", "source_start", "source_stop"),
)
DECISION = (
    *("decision_id", "claim_id", "sequence", "outcome", "decided_at", "decided_on", "rules_bundle", "plan_id"),
    *("claim_status_code", "charge_cents", "allowed_cents", "paid_cents", "patient_responsibility_cents"),
    "explanation",
)
DECIDED_LINE = ("decision_id", "line_number", "charge_cents", "allowed_cents", "paid_cents")
