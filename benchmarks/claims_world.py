"""The world of the claims benchmark: a plan with members, providers and fees, and a history of remitted claims.

Members come through the enrolment loader, and some thousands of claims through everything to their remittance;
`claims_history` makes a long history of them. A finished world is a folder that later runs use again.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from claims_bills import (
    CODES,
    FAMILY,
    PROVIDERS,
    RELATIONS,
    Bill,
    Line,
    bills,
    born,
    claims_file,
    first_name,
    provider_ids,
    subscriber_number,
)
from claims_history import inflate, settle_down
from sqlalchemy import text

from loaders import ledger, server
from loaders.migrate import upgrade
from loaders.providers import load_registry
from pipeline.adjudicate import adjudicate
from pipeline.clock import CLOCK_FILE, SimulatedClock
from pipeline.house import House, embedded_warehouse_folder, open_house
from pipeline.intake import Arrival, take_in
from pipeline.process import process_files
from pipeline.remit import remit

REPOSITORY = Path(__file__).resolve().parents[1]
DEMO = REPOSITORY / "examples" / "demo"
ENROLLED = datetime(2025, 1, 2, 13, tzinfo=UTC)
SEEDED = (datetime(2026, 5, 4, 13, tzinfo=UTC), datetime(2026, 5, 12, 13, tzinfo=UTC))
"""When the claims of the history arrived: new ones, and after their remittance some with corrections of them."""
MEASURED = datetime(2026, 6, 8, 13, tzinfo=UTC)
MOST_SEED = 10_000
CORRECTING_SEED = 10
"""The second file of the seed is one in so many claims."""
COPY_DAYS = 3
"""The copies of the seed lie so many days apart; the days of the two files and of their remittances never meet."""
RECENT_DAYS = 60
READY = "ready"
CLAIMS_A_BATCH = 25_000
"""That are decided in one transaction."""
PAYEES = 500

PLANS = """\
plans:
  GOLD-HMO:
    name: Gold HMO
    filing_indicator: HM
    terms: [{effective_from: 2024-01-01, copay: 25.00, coinsurance_percent: 0}]
  SILVER-PPO:
    name: Silver PPO
    filing_indicator: 12
    terms:
      - effective_from: 2024-01-01
        copay: 0.00
        deductible: 100.00
        family_deductible: 200.00
        coinsurance_percent: 20
        out_of_pocket_maximum: 3000.00
        family_out_of_pocket_maximum: 6000.00

groups:
  ACME:
    name: Acme Manufacturing
    sponsor_ids: [123456789]
    master_policies: [ACME-2024]
    group_numbers: [ACME01]
    partners: [acme]
    end_date_is: last_covered
    plans:
      - {insurance_line: HMO, plan_code: GOLD, plan: GOLD-HMO}
      - {insurance_line: PPO, plan_code: SILVER, plan: SILVER-PPO}

medical_insurance_lines: [HLT, HMO, PPO, POS, EPO, MM]
"""

EARLIER = """
with chosen as (
    select c.claim_id, c.claim_number, c.patient_control_number, c.service_from, c.subscriber_id, c.billing_npi,
        c.member_id
    from claim c
    join remittance_claim r on r.claim_id = c.claim_id and r.entry = 'payment'
    where c.state = 'paid' and c.version_state = 'active' and c.frequency_code = '1' and c.version = 1
        and c.service_from > cast(:since as date)
        and not exists (select from claim later where later.family_id = c.family_id and later.claim_id <> c.claim_id)
    order by hashint8extended(c.claim_id, :batch), c.claim_id limit :count
)
select c.claim_number, c.patient_control_number, c.service_from, c.subscriber_id, c.billing_npi,
    m.relationship_code, array_agg(l.procedure_code order by l.line_number) as codes,
    array_agg(l.charge_cents order by l.line_number) as charges,
    array_agg(cast(l.quantity as integer) order by l.line_number) as units
from chosen c join member m using (member_id) join claim_line l using (claim_id)
group by c.claim_id, c.claim_number, c.patient_control_number, c.service_from, c.subscriber_id, c.billing_npi,
    m.relationship_code
order by hashint8extended(c.claim_id, :batch), c.claim_id
"""


def configuration(folder: Path) -> None:
    """The demo's configuration with plans, providers and fees of the benchmark."""
    shutil.copytree(DEMO / "config", folder)
    settings = folder / "settings.yaml"
    large = settings.read_text().replace("max_file_bytes: 100000000", "max_file_bytes: 1000000000")
    settings.write_text(large.replace("claims_per_batch: 5000", f"claims_per_batch: {CLAIMS_A_BATCH}"))
    (folder / "groups.yaml").write_text(PLANS)
    with (folder / "fee_schedule.yaml").open("a") as fees:
        fees.truncate(0)
        fees.write("fees:\n")
        for place, code in enumerate(CODES):
            fees.write(f"  - {{procedure_code: {code}, allowed: {25 + place}.00, effective_from: 2020-01-01}}\n")
        fees.write('\ncopay_places: ["11"]\nno_price: pend\n')
    provider_head = (DEMO / "config" / "providers.csv").read_text().splitlines()[0]
    payee_head = (DEMO / "config" / "payees.csv").read_text().splitlines()[0]
    ids = [provider_ids(provider) for provider in range(PROVIDERS)]
    providers = [
        f"{npi},{tin},CLINIC {number},207Q00000X,2020-01-01,,P{number // 4 % PAYEES}"
        for number, (npi, tin) in enumerate(ids)
    ]
    payees = [
        f"P{number},CLINIC GROUP {number},{npi},{tin},1 HILL STREET,EXAMPLETOWN,CT,06002,clearlink,clearlink,CHK,,"
        for number, (npi, tin) in enumerate(ids[:: PROVIDERS // PAYEES])
    ]
    (folder / "providers.csv").write_text("\n".join([provider_head, *providers, ""]))
    (folder / "payees.csv").write_text("\n".join([payee_head, *payees, ""]))


def roster(members: int) -> bytes:
    """An 834 that enrols them all; every other family in each of the two plans."""
    day = f"{ENROLLED:%Y%m%d}"
    subscribers = -(-members // FAMILY)
    head = ["ST*834*0001*005010X220A1", f"BGN*00*BENCH1*{day}*0800****2", "REF*38*ACME-2024", f"DTP*007*D8*{day}"]
    head += [f"QTY*TO*{members}", f"QTY*ET*{subscribers}", f"QTY*DT*{members - subscribers}"]
    head += ["N1*P5*ACME MANUFACTURING*FI*123456789", "N1*IN*HARBOR HEALTH PLAN*FI*990000001"]
    body = [segment for number in range(members) for segment in _member(number)]
    parties = f"ZZ*{'ACMEBENEFITS':15}*ZZ*{'HARBORHEALTH':15}"
    isa = f"ISA*00*{'':10}*00*{'':10}*{parties}*{day[2:]}*0800*^*00501*000000001*0*P*:"
    gs = f"GS*BE*ACMEBENEFITS*HARBORHEALTH*{day}*0800*1*X*005010X220A1"
    end = (f"SE*{len(head) + len(body) + 1}*0001", "GE*1*1", "IEA*1*000000001", "")
    return "~\n".join((isa, gs, *head, *body, *end)).encode("ascii")


def _member(number: int) -> Iterator[str]:
    relation = RELATIONS[number % FAMILY]
    is_subscriber = relation == "18"
    yield f"INS*{'Y' if is_subscriber else 'N'}*{relation}*021*28*A{'***FT' if is_subscriber else ''}"
    yield f"REF*0F*{subscriber_number(number)}"
    yield "REF*1L*ACME01"
    yield f"NM1*IL*1*DOE*{first_name(number)}****34*{210_010_000 + number}"
    yield f"N3*{1 + number // FAMILY % 9_000} ELM STREET"
    yield "N4*EXAMPLETOWN*CT*060010001"
    yield f"DMG*D8*{born(number):%Y%m%d}*{'FM'[number % 2]}"
    yield ("HD*021**HMO*GOLD*FAM", "HD*021**PPO*SILVER*FAM")[number // FAMILY % 2]
    yield "DTP*348*D8*20250101"


def hand_over(house: House, partner: str, content: bytes, arrived: datetime) -> int:
    """Archive a file and write it into the ledger; its id. The clock then stands at its arrival."""
    SimulatedClock(house.var / CLOCK_FILE).set(max(arrived, house.now()))
    with house.archive.incoming() as place:
        place.write_bytes(content)
        name = f"in/{partner}-{house.now():%Y%m%d}-{len(content)}.x12"
        return take_in(house, Arrival(partner, name, len(content), arrived, "P", arrived), place, house.now()).file_id


def require_committed(house: House, file_id: int) -> None:
    """The file came through.

    Raises:
        SystemExit: it did not.
    """
    with house.warehouse.begin() as connection:
        reached = ledger.read_file(connection, file_id)
    if reached is None or reached.state != "committed":
        raise SystemExit(f"File {file_id} was not committed: {reached and reached.state} {reached and reached.reason}")


def next_batch(house: House) -> int:
    """A number that no file in the warehouse has."""
    with house.warehouse.begin() as connection:
        return int(connection.execute(text("select coalesce(max(file_id), 0) + 1 from file")).scalar_one())


def earlier_bills(house: House, count: int, batch: int, arrived: date) -> list[Bill]:
    """Bills of remitted claims that may still be corrected, by chance; each with our number."""
    since = arrived - timedelta(days=RECENT_DAYS)
    with house.warehouse.begin() as connection:
        rows = connection.execute(text(EARLIER), {"since": since, "batch": batch, "count": count}).all()
    provider_of = {provider_ids(provider)[0]: provider for provider in range(PROVIDERS)}
    return [
        Bill(
            member=int(row.subscriber_id[1:]) * FAMILY + RELATIONS.index(row.relationship_code),
            provider=provider_of[row.billing_npi],
            account=row.patient_control_number,
            day=row.service_from,
            lines=tuple(map(Line, row.codes, row.charges, row.units)),
            original=row.claim_number,
        )
        for row in rows
    ]


@contextmanager
def world(folder: Path, members: int, history: int) -> Iterator[House]:
    """A house with so many members and earlier claims: that of the folder, made first where it is not there."""
    place = folder / f"{members}-members-{history}-claims"
    if not (place / READY).exists():
        shutil.rmtree(place, ignore_errors=True)
        seed = min(MOST_SEED, history // 2)
        # with its owners: PostgreSQL starts in a folder of its own account only
        subprocess.run(["cp", "-a", str(_seeded(folder, members, seed)), str(place)], check=True)  # noqa: S603, S607
        (place / READY).unlink()
        with opened(place) as house:
            print(f"a history of {history} claims out of {seed} ...", flush=True)
            inflate(house.warehouse, history // seed, members // FAMILY * FAMILY, COPY_DAYS)
            settle_down(house.warehouse)
        (place / READY).touch()
    with opened(place) as house:
        yield house


@contextmanager
def opened(place: Path) -> Iterator[House]:
    """The house of a folder, its PostgreSQL running."""
    server.start(embedded_warehouse_folder(place))
    try:
        with open_house(place / "config", place) as house:
            yield house
    finally:
        server.stop(embedded_warehouse_folder(place))


def _seeded(folder: Path, members: int, seed: int) -> Path:
    """The folder of a world in which so many claims were remitted."""
    place = folder / f"{members}-members-{seed}-claims-seed"
    if (place / READY).exists():
        return place
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    configuration(place / "config")
    (place / CLOCK_FILE).write_text(ENROLLED.isoformat())
    with opened(place) as house:
        upgrade(house.warehouse.engine)
        given = house.configuration
        with house.warehouse.begin() as connection:
            load_registry(connection, given.providers_csv, given.payees_csv, house.now())
        print(f"{members} members ...", flush=True)
        _run(house, "acme", roster(members), ENROLLED)
        settle_down(house.warehouse)
        correcting = seed // CORRECTING_SEED
        for count, arrived in zip((seed - correcting, correcting), SEEDED, strict=True):
            print(f"{count} claims for the history ...", flush=True)
            batch = next_batch(house)
            earlier = earlier_bills(house, count, batch, arrived.date()) if count == correcting else []
            made = bills(count, batch, members, arrived.date(), earlier)
            _run(house, "clearlink", claims_file(made, batch, arrived.date()), arrived)
            _remit(house, arrived)
            settle_down(house.warehouse)
    (place / READY).touch()
    return place


def _run(house: House, partner: str, content: bytes, arrived: datetime) -> None:
    file_id = hand_over(house, partner, content, arrived)
    process_files(house, [file_id])
    require_committed(house, file_id)
    adjudicate(house)


def _remit(house: House, arrived: datetime) -> None:
    """Settle the week of arrival, on the Monday after it."""
    monday = arrived + timedelta(days=7 - arrived.weekday())
    SimulatedClock(house.var / CLOCK_FILE).set(monday)
    remit(house, monday.date() - timedelta(days=1))


def measured_bills(house: House, count: int, batch: int, members: int) -> Sequence[Bill]:
    """A batch to be measured, corrections and duplicates of earlier claims among them."""
    earlier = earlier_bills(house, count, batch, MEASURED.date())
    return bills(count, batch, members, MEASURED.date(), earlier)
