from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

from edi.trouble import Final
from pipeline.configuration import Configuration, ConfigurationProblem, load_configuration
from pipeline.configuration.schedule import read_remittance_schedule
from pipeline.provider_registry import check_registry
from rules.benefit_settings import CostShares, CoverageLimit
from rules.expectations.catalogue import EXPECTATIONS
from rules.rulebook import Plan

ROOT = Path(__file__).parents[2]
SHIPPED = {"production": ROOT / "config", "demo": ROOT / "examples" / "demo" / "config"}

Edit = Callable[[str, str, str], None]
"""Replace a text that stands once in a file of the copied configuration."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the demo's configuration, free to be spoilt."""
    copy = tmp_path / "config"
    shutil.copytree(SHIPPED["demo"], copy)
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


def test_dental_insurance_is_what_the_file_says(folder: Path, edit: Edit) -> None:
    """DEN and DCP where it says nothing."""
    assert load_configuration(folder).rulebook.dental_insurance_lines == ("DEN", "DCP")
    edit("groups.yaml", "\nmedical_insurance_lines:", "\ndental_insurance_lines: [DEN, HLT]\nmedical_insurance_lines:")
    assert load_configuration(folder).rulebook.dental_insurance_lines == ("DEN", "HLT")


@pytest.mark.parametrize(
    ("written", "absences"), [("report_only", 0), ("now", 1), ("{after: 3}", 3), ("{after: 0}", None), ("never", None)]
)
def test_absence_ends_coverage_after_so_many_rosters(
    folder: Path, edit: Edit, written: str, absences: int | None
) -> None:
    """A word, or a number of full rosters in a row; by default it is only reported."""
    assert load_configuration(folder).rulebook.groups[0].absences_to_end == 0
    edit("groups.yaml", "    end_date_is: last_covered", f"    end_date_is: last_covered\n    absent: {written}")
    if absences is None:
        assert "groups.yaml" in problems(folder)[0]
    else:
        assert load_configuration(folder).rulebook.groups[0].absences_to_end == absences


def test_a_warning_must_come_before_the_hold(folder: Path, edit: Edit) -> None:
    """Else it would never be given."""
    edit("groups.yaml", "    end_date_is: last_covered", "    end_date_is: last_covered\n    absence_warn_percent: 11")
    assert "absence_hold_percent" in problems(folder)[0]


@pytest.mark.parametrize("environment", SHIPPED)
def test_what_is_shipped_is_in_order(environment: str) -> None:
    """Both configurations of the repository load, and their payees name configured partners."""
    configuration = load_configuration(SHIPPED[environment])
    assert configuration.environment == environment
    assert check_registry(configuration, configuration.providers_csv, configuration.payees_csv).providers


def test_the_folder_is_the_one_that_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """EDI_CONFIG chooses the configuration."""
    monkeypatch.setenv("EDI_CONFIG", str(SHIPPED["demo"]))
    assert load_configuration().plan.name == "Harbor Health Plan (demo)"


def test_a_folder_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    """The message names the variable that names the folder."""
    assert "EDI_CONFIG" in problems(tmp_path / "nowhere")[0]


def test_values_are_typed_and_exact() -> None:
    """Money is exact cents, a percentage is decimal, days are days, codes keep their zeros."""
    configuration = load_configuration(SHIPPED["demo"])
    rulebook = configuration.rulebook
    silver = Plan(
        id="SILVER-PPO",
        name="Silver PPO",
        filing_indicator="12",
        copay_cents=0,
        coinsurance_percent=Decimal(20),
        effective_from=date(2024, 1, 1),
    )
    assert silver in rulebook.plans
    allowed = {fee.id: fee.allowed_cents for fee in rulebook.fees if not fee.plans}
    assert (allowed["FEE-99213"], allowed["FEE-71046-26"], allowed["FEE-REV-0120"]) == (9250, 1120, 145000)
    assert rulebook.groups[0].plans["HMO", "GOLD"] == "GOLD-HMO"
    assert configuration.payer.zip_code == "060010001"
    assert configuration.remittance.at == time(6)


BENEFITS = """\
terms:
      - effective_from: 2024-01-01
        copay: 0.00
        coinsurance_percent: 20
        deductible: 500
        family_deductible: 1000
        out_of_pocket_maximum: 4000
        deductible_after_copay: true
        year_begins: 07-01
        networks: [WIDE]
        out_of_network: {copay: 0, coinsurance_percent: 40, deductible: 900}
        limits:
          - {id: PT, measure: visits, most: 30, procedure_codes: [97010-97799, ZZ001], revenue_codes: [0420-0429]}
          - {id: FERTILITY, measure: amount, most: 15000.50, per: lifetime}
"""
PLAIN = "terms: [{effective_from: 2024-01-01, copay: 0.00, coinsurance_percent: 20}]\n"


def test_benefits_beyond_copay_and_coinsurance(folder: Path, edit: Edit) -> None:
    """Deductibles, maxima, what is paid out of network, and limits; none of them where nothing is said."""
    plain = Plan(
        id="SILVER-PPO", name="Silver PPO", filing_indicator="12", copay_cents=0, coinsurance_percent=20,
        effective_from=date(2024, 1, 1),
    )  # fmt: skip
    assert plain in load_configuration(folder).rulebook.plans
    edit("groups.yaml", PLAIN, BENEFITS)
    (silver,) = [plan for plan in load_configuration(folder).rulebook.plans if plan.id == "SILVER-PPO"]
    assert silver == replace(
        plain,
        deductible_cents=50000,
        family_deductible_cents=100000,
        out_of_pocket_cents=400000,
        deductible_after_copay=True,
        year_begins=(7, 1),
        networks=("WIDE",),
        out_of_network=CostShares(coinsurance_percent=40, deductible_cents=90000),
        limits=(
            CoverageLimit(
                id="PT", measure="visits", most=30, procedure_codes=(("97010", "97799"), ("ZZ001", "ZZ001")),
                revenue_codes=(("0420", "0429"),),
            ),
            CoverageLimit(id="FERTILITY", measure="amount", most=1500050, per="lifetime"),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("family_deductible: 1000", "family_deductible: 100", "a family's deductible is below a member's"),
        ("07-01", "13-01", "key 'year_begins': expected a month and day"),
        ("measure: visits", "measure: hours", "key 'measure': expected visits, units or amount"),
        ("97010-97799", "97799-97010", "a range of codes goes from the lower to the higher"),
        ("id: FERTILITY", "id: PT", "two limits of a plan have the same id"),
    ],
)
def test_faults_of_benefits_are_told(folder: Path, edit: Edit, old: str, new: str, told: str) -> None:
    """With their key."""
    edit("groups.yaml", PLAIN, BENEFITS.replace(old, new))
    assert any(told in problem for problem in problems(folder))


@pytest.mark.parametrize(
    ("written", "cents"), [("0.1", 10), ("92.50", 9250), ('"92.5"', 9250), ("0", 0), ("1e3", None), ("1.005", None)]
)
def test_money_is_read_from_its_text(folder: Path, edit: Edit, written: str, cents: int | None) -> None:
    """No amount passes through a float, and what is no exact amount of cents is refused."""
    edit("fee_schedule.yaml", "allowed: 118.00", f"allowed: {written}")
    if cents is None:
        assert problems(folder)[0].endswith("key 'allowed': expected an amount such as 92.50")
    else:
        (fee,) = [fee for fee in load_configuration(folder).rulebook.fees if fee.procedure_code == "99203"]
        assert fee.allowed_cents == cents


def test_yaml_words_stay_text(folder: Path, edit: Edit) -> None:
    """NO is a name, 010 is no octal number, 1_0 is no ten."""
    edit("partners.yaml", "name: River Clinic", "name: NO")
    edit("groups.yaml", "group_numbers: [ACME01, ACME02]", "group_numbers: [010, 1_0]")
    configuration = load_configuration(folder)
    assert configuration.partners["riverclinic"].name == "NO"
    assert configuration.rulebook.groups[0].group_numbers == ("010", "1_0")


def test_every_expectation_has_a_severity(folder: Path) -> None:
    """That of the file, or where it says nothing the suggested one: an expectation is switched off by a word only."""
    name = "enrollment_member.gender_known"
    (folder / "expectations.yaml").write_text(f"expectations:\n  {name}: off\n", encoding="utf-8")
    suggested = {each.id: each.suggested for each in EXPECTATIONS.values()}
    assert load_configuration(folder).expectations == {**suggested, name: "off"}


def test_every_expectation_has_a_tolerance(folder: Path) -> None:
    """Exact to a hundredth of a percent; a bare word tolerates nothing, an expectation left out what is suggested."""
    bare, exact, left_out, unsaid = (
        f"enrollment_member.{name}"
        for name in ("subscriber_number_present", "gender_known", "birth_date_past", "zip_shaped")
    )
    (folder / "expectations.yaml").write_text(
        f"expectations:\n  {bare}: hold\n  {exact}: {{severity: hold, tolerated_percent: 0.07}}\n"
        f"  {unsaid}: {{tolerated_percent: 3}}\n",
        encoding="utf-8",
    )
    configuration = load_configuration(folder)
    assert [configuration.tolerances[one] for one in (bare, exact, left_out, unsaid)] == [0, 7, 2000, 300]
    assert [configuration.expectations[one] for one in (exact, unsaid)] == ["hold", "warn"]
    digest = configuration.digest()
    text = (folder / "expectations.yaml").read_text()
    (folder / "expectations.yaml").write_text(text.replace("0.07", "0.08"))
    assert load_configuration(folder).digest() != digest


@pytest.mark.parametrize("environment", SHIPPED)
def test_the_shipped_files_name_every_expectation(environment: str) -> None:
    """Whoever edits the file sees what there is, with its suggested severity and tolerance."""
    lines = (SHIPPED[environment] / "expectations.yaml").read_text(encoding="utf-8").splitlines()
    named = [tuple(line.split("#")[0].strip().split(": ", 1)) for line in lines if line.startswith("  ")]
    assert named == [
        (each.id, f"{{severity: {each.suggested}, tolerated_percent: {each.tolerated // 100}}}")
        if each.tolerated
        else (each.id, each.suggested)
        for each in EXPECTATIONS.values()
    ]


def test_a_partner_becomes_what_acceptance_asks_for() -> None:
    """The profile holds both sides' ids and what may be sent where."""
    configuration = load_configuration(SHIPPED["demo"])
    profile = configuration.partners["acme"].acceptance_profile(configuration.payer, "T")
    assert profile.senders == (("ZZ", "ACMEBENEFITS"),)
    assert profile.receivers == (("ZZ", "HARBORHEALTH"),)
    assert profile.group_receivers == ("HARBORHEALTH",)
    assert (profile.usages, profile.folder_usage) == (frozenset("PT"), "T")
    assert profile.transactions == frozenset({"834"})


def test_folders_are_looked_into_for_what_they_are(folder: Path, edit: Edit) -> None:
    """A test folder is for T; the only folder of a test-only partner is too; who sends nothing is not visited."""
    edit("partners.yaml", "gs_ids: [CLEARLINK]\n    usage: production", "gs_ids: [CLEARLINK]\n    usage: test")
    edit("partners.yaml", "transactions: [837P]\n    folders: {in: in, ", "folders: {")
    partners = load_configuration(folder).partners
    assert partners["acme"].inbound_folders() == (("in", "P"), ("test/in", "T"))
    assert partners["clearlink"].inbound_folders() == (("in", "T"),)
    assert partners["riverclinic"].inbound_folders() == ()


def test_connections_have_a_name_by_default() -> None:
    """The Airflow connection of a partner is edi_sftp_<id> unless the file says otherwise."""
    assert load_configuration(SHIPPED["demo"]).partners["acme"].connection == "edi_sftp_acme"


def test_severities_name_known_findings(folder: Path, edit: Edit) -> None:
    """A partner may be met halfway, by codes that exist."""
    edit(
        "partners.yaml", "role: employer", "role: employer\n    severities: {ELEMENT_LONG: reject, ELEMENT_TALL: note}"
    )
    assert problems(folder)[0].endswith("key 'ELEMENT_TALL': unknown finding code; docs/findings.md lists them")
    edit("partners.yaml", ", ELEMENT_TALL: note", "")
    configuration = load_configuration(folder)
    profile = configuration.partners["acme"].acceptance_profile(configuration.payer, "P")
    assert dict(profile.severities) == {"ELEMENT_LONG": "reject"}


def test_what_a_999_tells_is_the_partners_choice(folder: Path, edit: Edit) -> None:
    """Claims by their numbers, values only where somebody said so; text in the encoding that was agreed."""
    configuration = load_configuration(folder)
    profile = configuration.partners["clearlink"].acceptance_profile(configuration.payer, "P")
    told = (profile.encoding, profile.most_told, profile.claim_numbers_in_answers, profile.copy_bad_data)
    assert told == ("ascii", 200, True, False)
    chosen = "encoding: utf-8\n    most_told: 7\n    claim_numbers_in_answers: false\n    copy_bad_data: true"
    edit("partners.yaml", "gs_ids: [CLEARLINK]", f"gs_ids: [CLEARLINK]\n    {chosen}")
    configuration = load_configuration(folder)
    profile = configuration.partners["clearlink"].acceptance_profile(configuration.payer, "P")
    told = (profile.encoding, profile.most_told, profile.claim_numbers_in_answers, profile.copy_bad_data)
    assert told == ("utf-8", 7, False, True)
    edit("partners.yaml", "most_told: 7", "most_told: 1001")
    edit("partners.yaml", "encoding: utf-8", "encoding: utf-16")
    assert [problem.split(": ")[0].split(", ")[1] for problem in problems(folder)] == [
        "key 'encoding'",
        "key 'most_told'",
    ]


def digest_after(folder: Path, edit: Edit, change: tuple[str, str, str]) -> tuple[str, str]:
    """The digests before and after a change."""
    before = load_configuration(folder).digest()
    edit(*change)
    return before, load_configuration(folder).digest()


@pytest.mark.parametrize(
    "change",
    [
        ("filing.yaml", "window_days: 90", "window_days: 91"),
        ("filing.yaml", "correction:", "outages:\n  DOWN: {from: 2026-03-02}\n\ncorrection:"),
        ("fee_schedule.yaml", "allowed: 118.00", "allowed: 118.01"),
        ("groups.yaml", "copay: 25.00", "copay: 25.01"),
        ("partners.yaml", "id: CLEARLINK", "id: CLEARLINK2"),
        ("partners.yaml", "usage: both", "usage: production"),
        ("front_end.yaml", "PROVIDER_UNKNOWN: accept", "PROVIDER_UNKNOWN: reject"),
        ("front_end.yaml", "[HHP01]", "[HHP01, HHP02]"),
        ("front_end.yaml", "payer_ids", 'submitters: {CLEARLINK: {}, RC: {providers: ["1234567893"]}}\npayer_ids'),
        ("front_end.yaml", "payer_ids", 'delay_reasons: ["1", "7"]\npayer_ids'),
        ("front_end.yaml", "payer_ids", "most_claims_per_set: 5000\npayer_ids"),
        ("settings.yaml", "gs_id: HARBORHEALTH", "gs_id: HARBORHEALTH2"),
        ("settings.yaml", "America/New_York", "America/Chicago"),
    ],
    ids=lambda change: change[2],
)
def test_whatever_decides_changes_the_digest(folder: Path, edit: Edit, change: tuple[str, str, str]) -> None:
    """The name of a rules bundle stands for what it decides."""
    before, after = digest_after(folder, edit, change)
    assert before != after


@pytest.mark.parametrize(
    "change",
    [
        ("partners.yaml", "name: River Clinic", "name: River Clinic, formerly Creek Clinic"),
        ("settings.yaml", "batches: 8", "batches: 9"),
        ("settings.yaml", "phone: 5550100100", "phone: 5550100101"),
    ],
    ids=lambda change: change[2],
)
def test_nothing_else_changes_the_digest(folder: Path, edit: Edit, change: tuple[str, str, str]) -> None:
    """A new telephone number is no new set of rules."""
    before, after = digest_after(folder, edit, change)
    assert before == after


def test_equal_configurations_have_equal_digests(folder: Path) -> None:
    """The digest does not depend on the folder or the process."""
    assert load_configuration(folder).digest() == load_configuration(SHIPPED["demo"]).digest()


def test_the_schedule_can_be_read_alone(folder: Path, edit: Edit) -> None:
    """A DAG file reads settings.yaml only, and hears of the faults of what it needs only."""
    edit("partners.yaml", "usage: both", "usage: live")
    schedule = read_remittance_schedule(folder)
    assert (schedule.cron, schedule.time_zone) == ("0 6 * * 1", "America/New_York")
    edit("settings.yaml", "weekday: monday", "weekday: someday")
    with pytest.raises(ConfigurationProblem, match="key 'weekday'"):
        read_remittance_schedule(folder)


def test_a_run_settles_through_the_day_before(folder: Path) -> None:
    """And its money moves the configured days later."""
    schedule = load_configuration(folder).remittance
    assert schedule.through(date(2026, 1, 12)) == date(2026, 1, 11)
    assert schedule.payment_date(date(2026, 1, 12)) == date(2026, 1, 14)


def test_only_production_keeps_test_data_apart(folder: Path, edit: Edit) -> None:
    """Test interchanges touch members and claims only where everything is a test."""

    def accepts(configuration: Configuration) -> bool:
        return configuration.accepts_test_data

    assert accepts(load_configuration(folder))
    edit("settings.yaml", "environment: demo", "environment: production")
    assert not accepts(load_configuration(folder))


def test_payees_are_sent_to_known_partners(folder: Path) -> None:
    """A remittance without a receiver would be found out a week too late."""
    payees = folder / "payees.csv"
    payees.write_text(payees.read_text().replace("clearlink,clearlink,CHK", "clearlink,clearlnk,CHK", 1))
    configuration = load_configuration(folder)
    with pytest.raises(Final, match="payee LAKEVIEW column statement_partner: not in partners"):
        check_registry(configuration, configuration.providers_csv, payees)
    payees.write_text(payees.read_text().replace("clearlink,clearlnk,CHK", "harborbank,clearlink,CHK", 1))
    with pytest.raises(Final, match=r"payee LAKEVIEW column remittance_partner: .* or a bank"):
        check_registry(configuration, configuration.providers_csv, payees)


def test_code_lists_are_part_of_the_rules_bundle(folder: Path) -> None:
    """A list in codes/ changes what files are judged by, so it renames the bundle."""
    before = load_configuration(folder)
    assert before.guide_library().code_lists is None
    (folder / "codes").mkdir()
    (folder / "codes" / "revenue_code.csv").write_text("code,from,to\n0450,,\n")
    after = load_configuration(folder)
    assert before.digest() != after.digest()
    lists = after.guide_library().code_lists
    assert lists is not None
    assert "0450" in lists["revenue_code"]
