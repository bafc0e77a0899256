from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from edi.trouble import Final
from pipeline.configuration import ConfigurationProblem, load_configuration

EXAMPLE = Path(__file__).parents[2] / "examples" / "demo" / "config"

ENDING = "plan: DENTAL, effective_through: 2027-01-01}\n"
DIVIDED = "plan: DENTAL, divisions: [N, S]}\n"
FOLLOWING = "      - {insurance_line: DEN, plan_code: DENTAL, plan: DENTAL, effective_from: 2027-01-01}"

Edit = Callable[[str, str, str], None]
"""Replace a text that stands once in a file of the copied configuration."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the demo's configuration, free to be spoilt."""
    copy = tmp_path / "config"
    shutil.copytree(EXAMPLE, copy)
    return copy


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Edit the copy."""

    def replace(name: str, old: str, new: str) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} does not stand once in {name}"
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")

    return replace


def problems(folder: Path) -> list[str]:
    """What is wrong with a configuration."""
    with pytest.raises(ConfigurationProblem) as caught:
        load_configuration(folder)
    assert isinstance(caught.value, Final)
    return [str(problem) for problem in caught.value.problems]


def line_of(folder: Path, name: str, text: str) -> int:
    """Number of the one line that holds a text."""
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    (number,) = [number for number, line in enumerate(lines, 1) if text in line]
    return number


FAULTS = {
    "unknown edit": ("front_end.yaml", "PROVIDER_UNKNOWN", "PROVIDER_GONE", "key 'PROVIDER_GONE': unknown edit; docs/"),
    "unknown severity of an edit": ("front_end.yaml", "accept #", "deny #", "expected reject, report or accept"),
    "edit for nobody": (
        "front_end.yaml",
        "accept # denied later, CO 208",
        "[{severity: reject, partners: [nobody]}]",
        "key 'partners': expected acme, clearlink, harborbank or riverclinic",
    ),
    "edit ends first": (
        "front_end.yaml",
        "accept # denied later, CO 208",
        "[{severity: reject, effective_from: 2026-02-01, effective_through: 2026-01-01}]",
        "key 'effective_through': before effective_from",
    ),
    "submitter for no provider": (
        "front_end.yaml",
        "payer_ids",
        'submitters: {RC: {providers: ["1234567890"]}}\npayer_ids',
        "key 'providers': expected an NPI: ten digits",
    ),
    "delay reason of no guide": (
        "front_end.yaml",
        "payer_ids",
        'delay_reasons: ["12"]\npayer_ids',
        "key 'delay_reasons': expected 1",
    ),
    "no claims allowed": (
        "front_end.yaml",
        "payer_ids",
        "most_claims_per_set: 0\npayer_ids",
        "key 'most_claims_per_set': expected a whole number from 1 to 1000000",
    ),
    "bad value": ("partners.yaml", "usage: both", "usage: live", "key 'usage': expected production, test or both"),
    "unknown key": (
        "partners.yaml",
        "role: employer",
        "roll: employer",
        "key 'roll': unknown key; did you mean 'role'?",
    ),
    "missing key": ("partners.yaml", "    role: employer\n", "", "key 'role': missing"),
    "empty value": ("partners.yaml", "role: employer", "role:", "key 'role': empty"),
    "key given twice": ("partners.yaml", "role: employer", "usage: test", "key 'usage': given twice"),
    "id given twice": ("partners.yaml", "\n  riverclinic:", "\n  clearlink:", "key 'clearlink': given twice"),
    "id misshapen": ("partners.yaml", "\n  riverclinic:", "\n  River-Clinic:", "expected as name lower-case letters"),
    "list for text": ("partners.yaml", "role: employer", "role: [employer]", "key 'role': expected employer, "),
    "text for list": ("partners.yaml", 'transactions: ["834"]', "transactions: 834", "'transactions': expected a list"),
    "text for keys": ("partners.yaml", "{qualifier: ZZ, id: CLEARLINK}", "ZZ", "key 'isa': expected keys with values"),
    "twice in a list": (
        "partners.yaml",
        "[837P, 837I, 837D]",
        "[837P, 837P]",
        "key 'transactions': given twice in this list",
    ),
    "unknown transaction": (
        "partners.yaml",
        "[837P, 837I, 837D]",
        "[837P, 270]",
        "'transactions': expected 834, 837P, 837I or 837D",
    ),
    "interchange id too long": (
        "partners.yaml",
        "id: CLEARLINK",
        "id: CLEARLINKCLEARLINK",
        "key 'id': expected 1 to 15",
    ),
    "interchange id taken": (
        "partners.yaml",
        "id: CLEARLINK",
        "id: RIVERCLINIC",
        "'clearlink' has the same interchange",
    ),
    "folder that climbs": (
        "partners.yaml",
        "in_test: test/in",
        "in_test: ../in",
        "key 'in_test': expected a folder with",
    ),
    "folder for two": ("partners.yaml", "in_test: test/in", "in_test: ack", "key 'ack': the same folder as 'in_test'"),
    "number out of range": (
        "settings.yaml",
        "batches: 8",
        "batches: 0",
        "key 'batches': expected a whole number from 1",
    ),
    "no number": (
        "settings.yaml",
        "batches: 8",
        "batches: some",
        "key 'batches': expected a whole number from 1 to 1024",
    ),
    "unknown zone": ("settings.yaml", "America/New_York", "America/Gotham", "key 'time_zone': expected a time zone"),
    "wrong check digit": ("settings.yaml", "999999992", "999999993", "key 'routing_number': expected a bank routing"),
    "wrong weekday": ("settings.yaml", "weekday: monday", "weekday: friday", "expected a friday; this day is a monday"),
    "no day": ("settings.yaml", "2099-01-05", "2099-02-30", "key 'first_run': expected a day such as 2026-01-31"),
    "no time": ("settings.yaml", "time: 06:00", "time: 24:00", "key 'time': expected a time of day such as 06:00"),
    "separator in a name": (
        "settings.yaml",
        "name: HARBOR HEALTH PLAN",
        "name: A*B",
        "key 'name': expected text without",
    ),
    "unknown plan of a group": ("groups.yaml", "plan: DENTAL", "plan: DENTIST", "key 'plan': unknown plan 'DENTIST'"),
    "unknown dated plan of a group": (
        "groups.yaml",
        "plan: DENTAL}",
        "plan: DENTIST, effective_from: 2027-01-01}",
        "key 'plan': unknown plan 'DENTIST'",
    ),
    "plan code that means two plans": (
        "groups.yaml",
        "plan: DENTAL}",
        f"plan: DENTAL}}\n{FOLLOWING}",
        "key 'plan_code': line 27 says already what this code means on some of these days",
    ),
    "plan code that means two plans on a day": (
        "groups.yaml",
        "plan: DENTAL}",
        ENDING + FOLLOWING,
        "key 'plan_code': line 27 says already",
    ),
    "plan code that means two plans in a division": (
        "groups.yaml",
        "plan: DENTAL}",
        DIVIDED + FOLLOWING.replace("effective_from: 2027-01-01", "divisions: [S, W]"),
        "key 'plan_code': line 27 says already",
    ),
    "plan code that ends before it begins": (
        "groups.yaml",
        "plan: DENTAL}",
        "plan: DENTAL, effective_from: 2027-01-01, effective_through: 2026-12-31}",
        "key 'plans': effective_through lies before effective_from",
    ),
    "plan code from no day": (
        "groups.yaml",
        "plan: DENTAL}",
        "plan: DENTAL, effective_from: January}",
        "key 'effective_from': expected a day such as 2026-01-31",
    ),
    "unknown plan of a fee": ("fee_schedule.yaml", "[GOLD-HMO]", "[GOLD]", "key 'plans': unknown plan 'GOLD'"),
    "unknown partner": (
        "groups.yaml",
        "partners: [acme]",
        "partners: [acne]",
        "key 'partners': unknown partner 'acne'",
    ),
    "partner without 834": (
        "groups.yaml",
        "partners: [acme]",
        "partners: [clearlink]",
        "'clearlink' does not send 834",
    ),
    "group by nothing": (
        "groups.yaml",
        "    sponsor_ids: [123456789]\n    master_policies: [ACME-2024]\n",
        "",
        "recognise",
    ),
    "percentage too large": (
        "groups.yaml",
        "percent: 20",
        "percent: 101",
        "'coinsurance_percent': expected a percentage",
    ),
    "amount and percentage": (
        "fee_schedule.yaml",
        "allowed: 620.00",
        "allowed: 6, percent_of_charge: 6",
        "one of amount",
    ),
    "same fee twice": ("fee_schedule.yaml", "procedure_code: 99203", "procedure_code: 99213", "has a fee for the same"),
    "class without rule": (
        "filing.yaml",
        "claim_class: inpatient",
        "claim_class: outpatient",
        "no rule covers inpatient",
    ),
    "rules that compete": (
        "filing.yaml",
        "claim_class: inpatient",
        "claim_class: outpatient",
        "starts on the same day",
    ),
    "days out of order": (
        "filing.yaml",
        "    anchor: discharge\n    limit_days: 60\n",
        "    anchor: discharge\n    limit_days: 60\n    effective_through: 2019-12-31\n",
        "effective_through lies before effective_from",
    ),
    "limit in two units": (
        "filing.yaml",
        "    anchor: discharge\n    limit_days: 60\n",
        "    anchor: discharge\n    limit_days: 60\n    limit_months: 2\n",
        "key 'limit_months': there is limit_days already",
    ),
    "no limit": (
        "filing.yaml",
        "    anchor: discharge\n    limit_days: 60\n",
        "    anchor: discharge\n",
        "key 'limit_days': missing",
    ),
    "unknown calendar": (
        "filing.yaml",
        "    anchor: discharge\n",
        "    anchor: discharge\n    roll_to_business_day: true\n    holidays: FEDERAL\n",
        "names an unknown calendar of holidays",
    ),
    "holidays without rolling": (
        "filing.yaml",
        "    anchor: discharge\n",
        "    anchor: discharge\n    holidays: FEDERAL\n",
        "only with roll_to_business_day",
    ),
    "unknown line of business": (
        "filing.yaml",
        "    anchor: discharge\n",
        "    anchor: discharge\n    lines_of_business: [medicaid]\n",
        "key 'lines_of_business': unknown line of business 'medicaid'",
    ),
    "class with special rules only": (
        "filing.yaml",
        "    anchor: discharge\n",
        "    anchor: discharge\n    contract: contracted\n",
        "no rule covers inpatient",
    ),
    "unknown delay reason": (
        "filing.yaml",
        "correction:\n",
        'delay_reasons:\n  "12": {evidence: person}\n\ncorrection:\n',
        "key '12': expected as name 1, 2, 3",
    ),
    "outage that ends before it begins": (
        "filing.yaml",
        "correction:\n",
        "outages:\n  DOWN: {from: 2026-03-02, through: 2026-03-01}\n\ncorrection:\n",
        "through lies before from",
    ),
    "unknown expectation": (
        "expectations.yaml",
        "claim.has_lines",
        "claim.has_line",
        "unknown key; did you mean 'claim.",
    ),
    "an expectation like no other": (
        "expectations.yaml",
        "claim.has_lines",
        "zzz",
        "unknown key; docs/configuration.md has",
    ),
    "unknown severity": (
        "expectations.yaml",
        "claim.has_lines: warn",
        "claim.has_lines: stop",
        "expected hold, warn or off",
    ),
    "unknown word of a tolerance": (
        "expectations.yaml",
        "claim.has_lines: warn",
        "claim.has_lines: {severity: hold, tolerated_percents: 5}",
        "did you mean 'tolerated_percent'?",
    ),
    "everything tolerated": (
        "expectations.yaml",
        "claim.has_lines: warn",
        "claim.has_lines: {severity: hold, tolerated_percent: 100}",
        "expected a percentage below 100",
    ),
    "a tolerance that is no number": (
        "expectations.yaml",
        "claim.has_lines: warn",
        "claim.has_lines: {severity: hold, tolerated_percent: few}",
        "expected a percentage such as 2.5",
    ),
    "payments by no bank": ("settings.yaml", "partner: harborbank", "partner: acme", "with the role bank"),
    "enrolment by a bank": ("partners.yaml", "[NACHA]", '["834"]', "expected NACHA"),
    "returns by no bank": ("partners.yaml", '["834"]', "[NACHA]", "expected 834, 837P, 837I or 837D"),
    "name of a bank": ("settings.yaml", "HARBOR BANK", "Bank of Ägypten", "key 'name': expected a name of 1 to 23"),
    "no YAML": ("filing.yaml", "rules:\n", "rules: [\n", "not valid YAML"),
    "no mapping": ("filing.yaml", "rules:\n", "- rules\n", "not valid YAML"),
}


@pytest.mark.parametrize(("name", "old", "new", "words"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_named_by_file_line_and_key(
    folder: Path, edit: Edit, name: str, old: str, new: str, words: str
) -> None:
    """Whatever is wrong, a message says in which file and line, at which key, and what was expected."""
    edit(name, old, new)
    found = problems(folder)
    assert any(words in problem for problem in found), found
    assert all(problem.startswith(f"{name} line ") for problem in found), found


def test_the_line_is_that_of_the_key(folder: Path, edit: Edit) -> None:
    """A person can go there."""
    edit("partners.yaml", "usage: both", "usage: live")
    line = line_of(folder, "partners.yaml", "usage: live")
    assert problems(folder) == [f"partners.yaml line {line}, key 'usage': expected production, test or both"]


def test_all_faults_of_all_files_are_told_at_once(folder: Path, edit: Edit) -> None:
    """Nobody wants to mend a configuration one run at a time."""
    edit("partners.yaml", "usage: both", "usage: live")
    edit("settings.yaml", "lease_seconds: 900", "lease: 900")
    edit("filing.yaml", "window_days: 90", "window_days: ninety")
    edit("fee_schedule.yaml", "no_price: pend", "no_price: ask")
    found = problems(folder)
    assert [problem.split(" ")[0] for problem in found] == [
        "fee_schedule.yaml",
        "filing.yaml",
        "partners.yaml",
        "settings.yaml",
        "settings.yaml",
    ]


def test_no_fault_makes_another(folder: Path, edit: Edit) -> None:
    """A plan whose terms are wrong is still known to the groups and fees that name it."""
    edit("groups.yaml", "copay: 25.00", "copay: some")
    assert len(problems(folder)) == 1


def test_values_are_not_repeated(folder: Path, edit: Edit) -> None:
    """A slip such as a secret pasted into the wrong place does not travel into logs."""
    edit("settings.yaml", "tin: 990000001", "tin: hunter2-secret")
    assert "hunter2" not in "".join(problems(folder))


@pytest.mark.parametrize("name", ["settings.yaml", "expectations.yaml"])
def test_a_missing_file_is_one_fault(folder: Path, name: str) -> None:
    """And not one for each key that it should have had."""
    (folder / name).unlink()
    assert problems(folder) == [f"{name}: the file is missing"]


def test_a_file_that_nobody_reads_is_a_fault(folder: Path) -> None:
    """partner.yaml would otherwise be silently ignored."""
    (folder / "partner.yaml").write_text("partners: {}\n", encoding="utf-8")
    assert problems(folder) == ["partner.yaml: unknown file"]


def test_a_file_of_another_encoding_is_a_fault(folder: Path) -> None:
    """Not a traceback."""
    (folder / "groups.yaml").write_bytes("groups: Zürich".encode("latin-1"))
    assert "groups.yaml: the file is not UTF-8 text" in problems(folder)
