"""The configuration of a world's plan: the files that EDI_CONFIG's folder holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from edi.money import from_cents
from edi.synthetic.vocabulary import ROOM
from edi.synthetic.world.members import Group
from edi.synthetic.world.plan import (
    BANK,
    CLEARINGHOUSE,
    CLEARINGHOUSE_ID,
    COPAY_PLACE,
    DENTAL,
    FILING_LIMIT_DAYS,
    FIRST_DAY,
    PAYER_ID,
    PLAN,
    PLAN_TIN,
    PROCEDURE_FEES,
    PRODUCTS,
    REVENUE_SHARES,
    ROOM_FEE,
    SAVER,
    Product,
)
from edi.synthetic.world.providers import NOT_ON_FILE, OTHER_TIN, Biller

PAYEE_COLUMNS = (
    "payee_id,name,npi,tin,address,city,state,zip,remittance_partner,statement_partner,payment_method,"
    "routing_number,account_number"
)
FOLDERS = "{in: in, archive: archive, ack: ack, out: out, reports: reports}"

SETTINGS = f"""\
# A made-up plan of a made-up world.
environment: demo

plan:
  name: World Health Plan
  time_zone: America/New_York

payer:
  name: {PLAN.name}
  tin: "{PLAN_TIN}"
  address: 1 WORLD SQUARE
  city: HARTFORD
  state: CT
  zip: "061030001"
  isa: {{qualifier: {PLAN.qualifier}, id: {PLAN.id}}}
  gs_id: {PLAN.application}
  payer_id: {PAYER_ID}
  technical_contact: {{name: EDI OPERATIONS, phone: "8605550100"}}
  business_contact: {{name: PROVIDER SERVICES, phone: "8605550101"}}
  web_url: https://world.example/edi
  bank: {{routing_number: "{BANK[0]}", account_number: "{BANK[1]}"}}

limits:
  max_file_bytes: 10000000000
  lease_seconds: 900
  batches: 8
  files_per_batch: 50
  claims_per_batch: 5000

remittance:
  weekday: monday
  time: 06:00
  first_run: 2099-01-05
  payment_lag_days: 2
"""

FILING = f"""\
rules:
  TF-PROFESSIONAL: {{claim_class: professional, anchor: service, range_anchor: start,
    limit_days: {FILING_LIMIT_DAYS}, effective_from: {FIRST_DAY}}}
  TF-OUTPATIENT: {{claim_class: outpatient, anchor: statement_through,
    limit_days: {FILING_LIMIT_DAYS}, effective_from: {FIRST_DAY}}}
  TF-INPATIENT: {{claim_class: inpatient, anchor: discharge,
    limit_days: {FILING_LIMIT_DAYS}, effective_from: {FIRST_DAY}}}
  SAVER-PROFESSIONAL: {{claim_class: professional, anchor: service, plans: [{SAVER.id}], secondary: unaffected,
    correction: {{window_days: 3, basis: service_anchor}},
    limit_days: {FILING_LIMIT_DAYS}, effective_from: {FIRST_DAY}}}
  SAVER-OUTPATIENT: {{claim_class: outpatient, anchor: statement_through, plans: [{SAVER.id}], secondary: unaffected,
    correction: {{window_days: 3, basis: service_anchor}},
    limit_days: {FILING_LIMIT_DAYS}, effective_from: {FIRST_DAY}}}
  SAVER-INPATIENT: {{claim_class: inpatient, anchor: discharge, plans: [{SAVER.id}], secondary: unaffected,
    correction: {{window_days: 3, basis: service_anchor}},
    limit_days: {FILING_LIMIT_DAYS}, effective_from: {FIRST_DAY}}}

correction:
  window_days: 90

frequencies:
  - {{interim: refuse, plans: [{SAVER.id}]}}

inpatient_bill_types: ["11", "18", "21", "28", "41", "65", "66", "86"]
"""

EXPECTATIONS = """\
expectations:
  claim.has_lines: hold
"""


def configuration_files(
    groups: Sequence[Group], billers: Iterable[Biller], kinds: Sequence[str], first_day: date
) -> Mapping[str, str]:
    """Content by file name."""
    registered = [each for each in billers if each.standing not in {NOT_ON_FILE, OTHER_TIN}]
    return {
        "settings.yaml": SETTINGS,
        "partners.yaml": _partners(groups, kinds),
        "groups.yaml": _groups(groups),
        # whoever is enrolled on the first day was a member before
        "filing.yaml": f"{FILING}\nbooks_opened_on: {first_day}\n",
        "fee_schedule.yaml": _fees(),
        "expectations.yaml": EXPECTATIONS,
        "providers.csv": _providers(registered),
        "payees.csv": _payees(registered),
    }


def _partners(groups: Sequence[Group], kinds: Sequence[str]) -> str:
    lines = ["partners:"]
    for group in groups:
        lines += [
            f"  {group.partner}:",
            f"    name: Example Employer {group.number}",
            "    role: employer",
            f"    isa: {{qualifier: {group.party.qualifier}, id: {group.party.id}}}",
            f"    gs_ids: [{group.party.application}]",
            "    usage: both",
            '    transactions: ["834"]',
            f"    folders: {FOLDERS}",
        ]
    lines += [
        f"  {CLEARINGHOUSE_ID}:",
        "    name: World Clearinghouse",
        "    role: clearinghouse",
        f"    isa: {{qualifier: {CLEARINGHOUSE.qualifier}, id: {CLEARINGHOUSE.id}}}",
        f"    gs_ids: [{CLEARINGHOUSE.application}]",
        "    usage: both",
        f"    transactions: [{', '.join(kinds)}]",
        f"    folders: {FOLDERS}",
        "    claim_syntax: reject_set",
    ]
    return "\n".join(lines) + "\n"


def _groups(groups: Sequence[Group]) -> str:
    lines = ["plans:"]
    for product in PRODUCTS:
        lines += [
            f"  {product.id}:",
            f"    name: {product.name}",
            f"    filing_indicator: {product.filing_indicator}",
            "    terms:",
            f"      - effective_from: {FIRST_DAY}",
            f"        copay: {from_cents(product.copay)}",
            f"        coinsurance_percent: {product.coinsurance // 100}",
            *_terms(product),
        ]
    lines += ["", "groups:"]
    for group in groups:
        lines += [
            f"  {group.id}:",
            f"    name: Example Employer {group.number}",
            f'    sponsor_ids: ["{group.sponsor_id}"]',
            f"    master_policies: [{group.policy}]",
            f"    partners: [{group.partner}]",
            "    end_date_is: last_covered",
            "    max_retro_term_days: 365  # its terminations lie weeks to months back",
            "    plans:",
            *(
                f"      - {{insurance_line: {each.insurance_line}, plan_code: {each.plan_code}, plan: {each.id}}}"
                for each in (group.product, DENTAL)
            ),
        ]
    lines += ["", "medical_insurance_lines: [HMO, PPO]", f"dental_insurance_lines: [{DENTAL.insurance_line}]"]
    return "\n".join(lines) + "\n"


def _terms(product: Product) -> Iterable[str]:
    """What the narrow product asks besides."""
    if product.terms is None:
        return ()
    terms = product.terms
    return (
        f"        deductible: {from_cents(terms.deductible)}",
        f"        family_deductible: {from_cents(terms.family_deductible)}",
        f"        out_of_pocket_maximum: {from_cents(terms.maximum)}",
        f"        networks: [{terms.network}]",
        "        limits:",
        f"          - {{id: FEW-VISITS, measure: visits, most: {terms.most_visits},",
        f"             procedure_codes: [{terms.limited}]}}",
    )


def _fees() -> str:
    lines = ["fees:"]
    for (code, unit), cents in PROCEDURE_FEES.items():
        lines.append(
            f'  - {{procedure_code: "{code}", allowed: {from_cents(cents)}, units: [{unit}], '
            f"effective_from: {FIRST_DAY}}}"
        )
    lines.append(f'  - {{revenue_code: "{ROOM}", allowed: {from_cents(ROOM_FEE)}, effective_from: {FIRST_DAY}}}')
    for code, points in REVENUE_SHARES.items():
        lines.append(f'  - {{revenue_code: "{code}", percent_of_charge: {points // 100}, effective_from: {FIRST_DAY}}}')
    return "\n".join([*lines, "", f'copay_places: ["{COPAY_PLACE}"]', "no_price: pend"]) + "\n"


def _providers(billers: Iterable[Biller]) -> str:
    lines = ["npi,tin,name,taxonomy,contract_from,contract_through,payee_id,network"]
    for each in billers:
        who = each.provider
        lines.append(
            f"{who.npi},{who.tin},{who.name},{who.taxonomy},{each.contract_from},{each.contract_through or ''},"
            f"{each.payee_id},{each.network}"
        )
    return "\n".join(lines) + "\n"


def _payees(billers: Iterable[Biller]) -> str:
    lines = [PAYEE_COLUMNS]
    for each in billers:
        who, home = each.provider, each.provider.address
        if home:
            lines.append(
                f"{each.payee_id},{who.name},{who.npi},{who.tin},{home.street},{home.city},{home.state},{home.zip_code},"
                f"{CLEARINGHOUSE_ID},{CLEARINGHOUSE_ID},CHK,,"
            )
    return "\n".join(lines) + "\n"
