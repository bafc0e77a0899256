"""The reference data of a world's plan: files for `edi reference load`, by kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from edi.synthetic import vocabulary as words
from edi.synthetic.world.plan import (
    AUTHORIZED,
    COMPONENT,
    COMPREHENSIVE,
    COUNTED,
    FIRST_DAY,
    MOST_COUNTED,
    PROCEDURE_FEES,
    REFERRED,
    RETIRED,
    RETIRED_AFTER,
    UNPRICED,
    UNPRICED_DENTAL,
)

AUTHORIZATION, REFERRAL = "authorization", "referral"
QUALIFIERS = {AUTHORIZATION: "G1", REFERRAL: "9F"}
"""REF of the claim."""
NEEDED = {AUTHORIZATION: AUTHORIZED, REFERRAL: REFERRED}


def reference_files(given: Iterable[tuple[str, str, str]]) -> Mapping[str, str]:
    """Content by kind; `given` are authorizations and referrals: kind, number and subscriber."""
    return {
        "code": "".join(["code_set,code,effective_from,effective_through\n", *_codes()]),
        "authorization_rule": "kind,procedure_code,effective_from\n"
        + "".join(f"{kind},{service.code},{FIRST_DAY}\n" for kind, service in NEEDED.items()),
        "authorization": "kind,number,subscriber_id,procedure_code,effective_from\n"
        + "".join(
            f"{kind},{number},{subscriber},{NEEDED[kind].code},{FIRST_DAY}\n" for kind, number, subscriber in given
        ),
        "bundle": "procedure_code,bundled_code,reason_code,effective_from\n"
        f"{COMPREHENSIVE.code},{COMPONENT.code},97,{FIRST_DAY}\n",
        "unit_limit": "procedure_code,most,reason_code,effective_from\n"
        f"{COUNTED.code},{MOST_COUNTED},151,{FIRST_DAY}\n",
    }


def _codes() -> Iterable[str]:
    """Every procedure that a bill of the world may name; one of them was withdrawn."""
    codes = {code for code, _ in PROCEDURE_FEES} | {service.code for _, service in words.REVENUE if service.code}
    codes |= {UNPRICED.code, UNPRICED_DENTAL.code}
    yield from (f"procedure,{code},{RETIRED_AFTER.replace(year=2000)},\n" for code in sorted(codes))
    yield f"procedure,{RETIRED.code},{RETIRED_AFTER.replace(year=2000)},{RETIRED_AFTER}\n"
