"""Settings of payments: interest, recovery, balances; each fault is told with file, line and key."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.configuration import ConfigurationProblem, load_configuration
from rules.payments.settings import InterestRule

EXAMPLE = Path(__file__).parents[2] / "config"
RULE = "days: 20, percent_a_year: 15, effective_from: 2026-01-01, source: a law"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the example configuration, free to be changed, without what it says of payments."""
    copy = tmp_path / "config"
    shutil.copytree(EXAMPLE, copy)
    settings = copy / "settings.yaml"
    kept, _, _ = settings.read_text(encoding="utf-8").partition("  recovery:")
    settings.write_text(kept, encoding="utf-8")
    return copy


def say(folder: Path, text: str) -> None:
    """Add a line to `remittance`."""
    with (folder / "settings.yaml").open("a", encoding="utf-8") as file:
        file.write(f"  {text}\n")


def test_the_example_has_the_days_and_rate_of_its_state() -> None:
    """Connecticut: 20 days for electronic claims, 60 for paper, 15 %, small amounts pooled (domain.md 9.7)."""
    payments = load_configuration(EXAMPLE).payments
    assert [(rule.submission, rule.days) for rule in payments.interest_rules] == [("electronic", 20), ("paper", 60)]
    assert payments.interest_rules[0] == InterestRule(
        id="CT-ELECTRONIC",
        states=("CT",),
        submission="electronic",
        days=20,
        percent_a_year=Decimal(15),
        least_cents=100,
        below_least="pooled",
        effective_from=date(2026, 1, 1),
        source="Conn. Gen. Stat. 38a-816(15)",
    )
    assert (payments.recovery_after_days, payments.balance_weeks) == (None, 13)


def test_what_is_left_out_is_nothing(folder: Path) -> None:
    """No interest, money back at once; and what is said is another rules bundle."""
    silent = load_configuration(folder)
    assert (silent.payments.interest_rules, silent.payments.recovery_after_days) == ((), None)
    say(folder, "recovery: {after_days: 30}")
    say(folder, "balance_weeks: 4")
    say(folder, "correction_account: original")
    say(folder, "provider_summaries: true")
    say(folder, "coverage_amount: none")
    told = load_configuration(folder)
    content = told.payments.remittance
    said = (content.correction_account, content.provider_summaries, content.coverage_amount)
    assert said == ("original", True, "none")
    assert content.inpatient_bill_types == set(told.rulebook.inpatient_bill_types)
    assert (told.payments.recovery_after_days, told.payments.balance_weeks) == (30, 4)
    assert told.digest() != silent.digest()


def test_plans_and_partners_say_what_rules_ask(folder: Path) -> None:
    """Where a plan is sold, and whose claims were on paper."""
    for name, old, new in (
        ("groups.yaml", "filing_indicator:", "situs: VT\n    filing_indicator:"),
        ("partners.yaml", "usage:", "claims_on_paper: true\n    usage:"),
    ):
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    say(folder, f"interest: {{rules: {{VT: {{states: [VT], states_of: situs, {RULE}}}}}}}")
    payments = load_configuration(folder).payments
    assert set(payments.situs.values()) == {"VT"}
    assert len(payments.paper_partners) == 1


FAULTS = {
    "unknown key": (f"rules: {{A: {{state: [CT], {RULE}}}}}", "key 'state': unknown key; did you mean 'states'?"),
    "no rules": ("rules: {}", "key 'rules': expected at least one entry"),
    "no source": (
        "rules: {A: {days: 20, percent_a_year: 15, effective_from: 2026-01-01}}",
        "key 'source': missing",
    ),
    "a state": (f"rules: {{A: {{states: [Maine], {RULE}}}}}", "key 'states': expected a state code of two letters"),
    "whose state": (f"rules: {{A: {{states_of: patient, {RULE}}}}}", "key 'states_of': expected payee or situs"),
    "sold nowhere": (
        f"rules: {{A: {{states: [NH], states_of: situs, {RULE}}}}}",
        "no plan of groups.yaml has its situs",
    ),
    "how it came": (f"rules: {{A: {{submission: fax, {RULE}}}}}", "'submission': expected any, electronic or paper"),
    "a line of business": (f"rules: {{A: {{lines_of_business: [none-such], {RULE}}}}}", "unknown line of business"),
    "a rate": (
        "rules: {A: {days: 20, percent_a_year: 150, effective_from: 2026-01-01, source: a law}}",
        "key 'percent_a_year': expected a percentage",
    ),
    "day count": (f"rules: {{A: {{day_count: 30, {RULE}}}}}", "key 'day_count': expected 365, 360 or actual"),
    "pooled, and nothing small": (f"rules: {{A: {{below_least: pooled, {RULE}}}}}", "without a least amount"),
    "days out of order": (
        f"rules: {{A: {{effective_through: 2025-12-31, {RULE}}}}}",
        "key 'A': effective_through lies before effective_from",
    ),
    "never reached": (
        f"rules: {{A: {{{RULE}}}, B: {{states: [CT], {RULE}}}}}",
        "key 'effective_from': rule 'A' stands before it and fits all of its claims",
    ),
}


@pytest.mark.parametrize(("text", "said"), FAULTS.values(), ids=FAULTS)
def test_faults_of_interest_are_told(folder: Path, text: str, said: str) -> None:
    """With the file, and nothing but the fault."""
    say(folder, f"interest: {{{text}}}")
    with pytest.raises(ConfigurationProblem) as caught:
        load_configuration(folder)
    (problem,) = [str(each) for each in caught.value.problems]
    assert problem.startswith("settings.yaml line ")
    assert said in problem


@pytest.mark.parametrize(
    "text",
    [
        *("recovery: never", "recovery: {after_days: 0}", "balance_weeks: 0"),
        *("correction_account: mine", "provider_summaries: maybe", "coverage_amount: some"),
    ],
)
def test_other_faults_are_told(folder: Path, text: str) -> None:
    """A word that is none, and numbers out of bounds."""
    say(folder, text)
    with pytest.raises(ConfigurationProblem, match=r"settings\.yaml line \d+, key '\w+': expected"):
        load_configuration(folder)


def test_special_rules_may_stand_before_general_ones(folder: Path) -> None:
    """That is the order in which they are asked."""
    say(folder, f"interest: {{rules: {{A: {{states: [CT], {RULE}}}, B: {{{RULE}}}}}}}")
    assert [rule.id for rule in load_configuration(folder).payments.interest_rules] == ["A", "B"]
