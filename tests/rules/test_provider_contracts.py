"""Providers are on file with their NPI and TIN, and under contract on the day of service."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.bills import PROVIDER, decide_one, line


@pytest.mark.parametrize(
    ("providers", "codes", "remarks"),
    [
        pytest.param([], ["CO 208"], [(1, "N257")], id="nobody-on-file"),
        pytest.param([PROVIDER | {"npi": "1999999984"}], ["CO 208"], [(1, "N257")], id="another-npi"),
        pytest.param([PROVIDER | {"tin": "987654321"}], ["CO 16"], [(1, "N516")], id="the-npi-under-another-tin"),
        pytest.param([PROVIDER | {"tin": "12-3456789"}], ["CO 45", "PR 3", "PR 2"], [], id="a-tin-with-a-hyphen"),
        pytest.param([PROVIDER | {"contract_through": "2026-03-31"}], ["PR 242"], [], id="contract-ended"),
        pytest.param([PROVIDER | {"contract_from": "2026-04-02"}], ["PR 242"], [], id="contract-not-begun"),
        pytest.param([PROVIDER | {"contract_through": "2026-04-01"}], ["CO 45", "PR 3", "PR 2"], [], id="last-day"),
        pytest.param([PROVIDER | {"contract_from": "2026-04-01"}], ["CO 45", "PR 3", "PR 2"], [], id="first-day"),
        pytest.param(
            [PROVIDER | {"contract_through": "2026-01-31"}, PROVIDER | {"contract_from": "2026-03-01"}],
            ["CO 45", "PR 3", "PR 2"],
            [],
            id="second-contract",
        ),
        pytest.param(
            [PROVIDER | {"contract_through": "2026-01-31"}, PROVIDER | {"contract_from": "2026-05-01"}],
            ["PR 242"],
            [],
            id="between-contracts",
        ),
    ],
)
def test_who_may_bill(providers: list[dict[str, Any]], codes: list[str], remarks: list[tuple[int, str]]) -> None:
    """An unknown NPI is CO 208 with N257, one under another TIN CO 16 with N516; without a contract it is PR 242."""
    decided = decide_one(providers=providers)
    assert decided.codes == codes
    assert decided.remarks == remarks


def test_each_line_needs_a_contract_on_its_day() -> None:
    """Only the line after the end of the contract is out of network; its facts say when the contract ended."""
    provider = PROVIDER | {"contract_through": "2026-04-01"}
    decided = decide_one(lines=[line(1), line(2, service_from="2026-04-02")], providers=[provider])
    assert decided.adjustments[-1] == (2, "PR 242", 18250)
    (told,) = decided.facts_of("PROVIDER-UNDER-CONTRACT")
    assert (told["line"], told["ended"], told["begins"]) == (2, "2026-04-01", None)


def test_a_provider_without_tin_is_not_on_file() -> None:
    """A missing TIN matches nothing, not even a registry row without one."""
    assert decide_one({"billing_tin": None}, providers=[PROVIDER | {"tin": None}]).codes == ["CO 208"]
