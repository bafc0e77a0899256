"""Claims of other projects' files in a plan that knows their members and providers, so that they come to decisions.

Whoever a file names is enrolled, and whoever bills is put on file with a contract, as the file itself names them; a
person without a birth date of its own (a subscriber who is not the patient) gets one. Every file is received some days
after its last service, as it would have been.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from pipeline.configuration import Configuration, Partner, load_configuration
from pipeline.run_local_files import run_files
from rules.acceptance import AcceptanceProfile
from rules.front_end.settings import EditRule, FrontEndSettings
from rules.rulebook import Fee, Rulebook
from rules.rulebook import Plan as Benefits
from tests.pipeline.plan import DEMO, Plan, unmeasured
from writers.settings import Payer

CORPUS = Path(__file__).parents[1] / "corpus"
SINCE = date(2000, 1, 1)
ENROLLED = datetime(2004, 1, 2, 17, tzinfo=UTC)
UNTIL_RECEIPT, TOGETHER = timedelta(days=5), timedelta(days=54)
"""In all no more than a claim may be old."""
USAGE = 102
"""Where ISA15 stands: what comes as a test is never remitted, so all of it comes as production."""
MADE_UP_BIRTH = "19500101*U"
BROKEN_BY_SAMPLES = (
    *("BILLING_NPI_INVALID", "NPI_INVALID", "DIAGNOSIS_POINTER_INVALID"),
    *("BILLING_TAXONOMY_INVALID", "TAXONOMY_INVALID"),
)
"""Edits that return claims for what their authors made up: most of their providers' numbers have a wrong digit, the
taxonomy ends with the wrong letter, and services point to diagnoses that are not there."""

COMPONENTS = ((b"*T*:~", b"*T*>~"),)
"""ISA16 names the colon, and the components are separated by another character."""
SIGNATURE = ((b"*Y*A*Y*Y~", b"**A*Y*Y~"), (b"*Y*C*Y*Y~", b"**C*Y*Y~"))
"""CLM06 has no use in an 837I."""
BILLER_ZIP = ((b"N4*ANYWHERE*PA*17111~\nREF*EI", b"N4*ANYWHERE*PA*171110000~\nREF*EI"),)
"""The billing provider's ZIP code has nine digits."""
Mend = tuple[tuple[bytes, bytes], ...]
MENDED: Mapping[str, Mend] = {
    f"linuxforhealth/{name}": mend
    for name, mend in {
        "demo.ambulance.example5.837": ((b"*41::1*", b"*41:B:1*"),),
        "demo.cob.2ndary.example4.837": COMPONENTS,
        "demo.cob.example4.837": ((b"AMT*F2*15.00~\n", b""), (b"SE*42*", b"SE*41*")),
        "demo.example6.837": COMPONENTS,
        "demo.example9.837": (*COMPONENTS, (b"***1.00~", b"***1~")),
        "demo.example11.837": COMPONENTS,
        "demo.example12.837": COMPONENTS,
        "out-of-network-repriced-claim.837i": (*COMPONENTS, *SIGNATURE),
        "ppo-repriced-claim.837i": (*COMPONENTS, *SIGNATURE),
        "two-claims-single-provider.837i": (*SIGNATURE, *BILLER_ZIP),
    }.items()
}
"""Files that break their guide in a thing or two, and what sets that right: the corpus has no other 837I that is good,
and none that was repriced."""


@dataclass(frozen=True, slots=True)
class Anybody(Partner):
    """A partner from whom anything is taken, under any identifiers."""

    def acceptance_profile(self, payer: Payer, folder_usage: str) -> AcceptanceProfile:  # noqa: ARG002 - neither counts
        """No restriction but the guides."""
        return AcceptanceProfile(self.id, usages=frozenset({"P", "T"}))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom a claim names."""

    last: str
    first: str
    birth: str
    """DMG02 and DMG03."""

    @property
    def segments(self) -> list[str]:
        """NM1, N3, N4 and DMG of an 834."""
        name = f"NM1*IL*1*{self.last}*{self.first}".rstrip("*")
        return [name, "N3*1 ELM STREET", "N4*EXAMPLETOWN*CT*06001", f"DMG*D8*{self.birth}"]


@dataclass(slots=True)
class Named:
    """Whom files name."""

    families: dict[str, list[Person]] = field(default_factory=dict)
    """By subscriber number, the subscriber first."""
    billers: dict[tuple[str, str], str] = field(default_factory=dict)
    """NPI and TIN with the name."""

    def read(self, content: bytes) -> None:
        """Take up everybody of a file."""
        element, terminator = content[3:4].decode(), content[105:106].decode()
        parts = (part.strip("\r\n").split(element) for part in content.decode().split(terminator))
        self._read(iter([part + [""] * 10 for part in parts if part[0]]))

    def _read(self, segments: Iterator[list[str]]) -> None:
        npi = name = number = ""
        in_claim = False
        for segment in segments:
            match segment[:2]:
                case ["HL", _]:
                    in_claim = False
                case ["CLM", _]:
                    in_claim = True
                case ["NM1", "85"]:
                    npi, name = segment[9], segment[3]
                case ["REF", "EI" | "SY"] if npi and not in_claim:
                    self.billers[npi, re.sub(r"[^0-9A-Za-z]", "", segment[2])] = name
                    npi = ""
                case ["NM1", "IL" | "QC"] if not in_claim:
                    number = segment[9] or number
                    self.families.setdefault(number, [])
                    self._add(number, Person(segment[3], segment[4], MADE_UP_BIRTH))
                case ["DMG", _] if not in_claim:
                    last = self.families[number].pop()
                    self._add(number, replace(last, birth="*".join((segment[2], segment[3] or "U"))))

    def _add(self, number: str, person: Person) -> None:
        if person not in self.families[number]:
            self.families[number].append(person)

    def roster(self) -> bytes:
        """An 834 that adds everybody, with medical and dental coverage since SINCE."""
        body = ["BGN*00*CORPUS*20040101*0800****2", "REF*38*ACME-2024", "DTP*007*D8*20040101"]
        body += ["N1*P5*ACME MANUFACTURING*FI*123456789", "N1*IN*HARBOR HEALTH PLAN*FI*990000001"]
        for number, family in self.families.items():
            for place, person in enumerate(family):
                body += ["INS*N*19*021*28*A" if place else "INS*Y*18*021*28*A***FT", f"REF*0F*{number}"]
                body += ["REF*1L*ACME01", *person.segments]
                for line, code in (("PPO", "SILVER"), ("DEN", "DENTAL")):
                    body += [f"HD*021**{line}*{code}", f"DTP*348*D8*{SINCE:%Y%m%d}"]
        segments = [
            "ISA*00*          *00*          *ZZ*ACMEBENEFITS   *ZZ*HARBORHEALTH   *040101*0800*^*00501*000000001*0*P*:",
            "GS*BE*ACMEBENEFITS*HARBORHEALTH*20040101*0800*1*X*005010X220A1",
            "ST*834*0001*005010X220A1",
            *body,
            f"SE*{len(body) + 2}*0001",
            "GE*1*1",
            "IEA*1*000000001",
        ]
        return "".join(f"{segment}~\n" for segment in segments).encode()


def service_days(content: bytes) -> tuple[date, date]:
    """The first and the last day of service in a file."""
    found = re.findall(rb"DTP.(?:472|434).(?:D8|RD8).([0-9]{8})(?:-([0-9]{8}))?", content)
    days = [datetime.strptime(day.decode(), "%Y%m%d").date() for pair in found for day in pair if day]  # noqa: DTZ007 - no instant
    return min(days), max(days)


def deliveries(contents: Mapping[str, bytes]) -> Iterator[tuple[date, list[str]]]:
    """Files that may come together: some days after their last service, and none of them late. In order of receipt."""
    together: list[str] = []
    first = last = SINCE
    for path in sorted(contents, key=lambda each: service_days(contents[each])):
        begins, ends = service_days(contents[path])
        if together and ends - first > TOGETHER:
            yield last + UNTIL_RECEIPT, together
            together = []
        first = min(first, begins) if together else begins
        last = max(last, ends)
        together.append(path)
    yield last + UNTIL_RECEIPT, together


def configured() -> Configuration:
    """The demo's house with the benefits of GOLDEN (golden/README.md), for services of any year."""
    configuration = unmeasured(load_configuration(DEMO / "config"))
    clearlink = configuration.partners["clearlink"]
    settings = {one.name: getattr(clearlink, one.name) for one in fields(Partner)} | {"duplicate_look_back_days": -1}
    rules = tuple(EditRule(edit=edit, severity="report") for edit in BROKEN_BY_SAMPLES)
    return replace(
        configuration,
        partners={**configuration.partners, "clearlink": Anybody(**settings)},
        front_end=FrontEndSettings(rules=rules, repeated_batches="accept"),
        rulebook=_benefits(configuration.rulebook),
    )


def _benefits(book: Rulebook) -> Rulebook:
    """What golden/README.md says."""
    medical = Benefits(
        id="SILVER-PPO", name="Silver PPO", filing_indicator="12", effective_from=SINCE,
        copay_cents=1000, coinsurance_percent=20, deductible_cents=3000,
    )  # fmt: skip
    dental = Benefits(
        id="DENTAL", name="Dental", filing_indicator="17", effective_from=SINCE,
        copay_cents=0, coinsurance_percent=50, deductible_cents=2500,
    )  # fmt: skip
    amounts = {"99213": 3000, "99214": 5000, "93005": 1500, "D2150": 8000, "D1110": 6000}
    fees = [Fee(procedure_code=code, allowed_cents=cents, effective_from=SINCE) for code, cents in amounts.items()]
    others = Fee(percent_of_charge=80, units=(), effective_from=SINCE)
    return replace(
        book,
        plans=(medical, dental, *(plan for plan in book.plans if plan.id == "GOLD-HMO")),
        fees=(*fees, others),
        filing_rules=tuple(replace(rule, effective_from=SINCE) for rule in book.filing_rules),
    )


def live_through(plan: Plan, folder: Path, paths: Iterable[str], mended: Mapping[str, Mend]) -> dict[str, int]:
    """Enrol and register everybody, then take the files in, in the order of their receipt; ids of the files."""
    contents = {path: (CORPUS / path).read_bytes() for path in paths}
    for path, mend in mended.items():
        content = contents[path]
        for wrong, right in mend:
            content = content.replace(wrong, right)
        assert content != contents[path], path
        contents[path] = content
    named = Named()
    for content in contents.values():
        named.read(content)
    roster = folder / "roster.834"
    roster.write_bytes(named.roster())
    plan.clock.instant = ENROLLED
    assert run_files(plan.house, [roster], "acme", plan.clock.now()).states == {"committed": 1}
    put_on_file(plan, named)
    ids: dict[str, int] = {}
    for path, content in contents.items():
        (folder / path.replace("/", "_")).write_bytes(content[:USAGE] + b"P" + content[USAGE + 1 :])
    for day, together in deliveries(contents):
        plan.clock.instant = datetime(day.year, day.month, day.day, 17, tzinfo=UTC)
        copies = [folder / path.replace("/", "_") for path in together]
        report = run_files(plan.house, copies, "clearlink", plan.clock.now())
        ids |= dict(zip(together, report.file_ids, strict=True))
    return ids


def put_on_file(plan: Plan, named: Named) -> None:
    """A contract for everybody who bills, and one payee for all of them.

    Not as a registry's files: those take no NPI with a wrong digit.
    """
    plan.execute(
        "insert into provider_registry (sha256, providers, payees, loaded_at)"
        f" values ('corpus', {len(named.billers)}, 0, '{SINCE}')"
    )
    plan.execute(
        "insert into payee (registry_version, payee_id, name, npi, tin, address, city, state, zip, remittance_partner,"
        " statement_partner, payment_method) select max(registry_version), 'CORPUS', 'EXAMPLE CLINIC', '1234567893',"
        " '990000030', '1 ELM STREET', 'EXAMPLETOWN', 'CT', '06001', 'clearlink', 'clearlink', 'CHK'"
        " from provider_registry"
    )
    rows = [{"npi": npi, "tin": tin, "name": name, "since": SINCE} for (npi, tin), name in named.billers.items()]
    with plan.house.warehouse.begin() as connection:
        connection.execute(
            text(
                "insert into provider (registry_version, npi, tin, name, taxonomy, contract_from, payee_id)"
                " select max(registry_version), :npi, :tin, :name, '207Q00000X', :since, 'CORPUS'"
                " from provider_registry"
            ),
            rows,
        )
