"""Who the plan is, how much it takes at once, which expectations hold a file (settings.yaml, expectations.yaml)."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from pipeline.configuration.document import Document, Section
from pipeline.configuration.shapes import (
    ACCOUNT,
    GROUP_CODE,
    INTERCHANGE_ID,
    PHONE,
    QUALIFIER,
    ROUTING_NUMBER,
    STATE,
    TIN,
    WEB_ADDRESS,
    X12_TEXT,
    ZIP,
)
from rules.expectations.catalogue import EXPECTATIONS, Severities, Severity, Tolerances
from writers.settings import Payer

Environment = Literal["production", "test", "demo"]

ENVIRONMENTS: tuple[Environment, ...] = get_args(Environment)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)

MEGABYTE = 1_000_000
MOST_FILE_BYTES = 100_000 * MEGABYTE
DAY_SECONDS = 86_400
MOST_BATCHES = 1024
"""Airflow maps a task at most this wide."""
MOST_A_BATCH = 1_000_000
HOLD_LOOK_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanIdentity:
    """The health plan as a place with a calendar."""

    name: str
    time_zone: ZoneInfo
    """Decides on which day a file was received and a claim was decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is taken at once, and how long it may take."""

    max_file_bytes: int
    """A larger remote file is not fetched."""
    lease_seconds: int
    """A step that has not renewed its lease for this long is taken for dead, and its files are taken over."""
    batches: int
    """A work list is dealt into at most this many batches, which run side by side."""
    files_per_batch: int
    """And into no more files a batch than this at one go; the rest waits for the next run."""
    claims_per_batch: int
    """Claims decided in one transaction."""
    hold_look_seconds: int
    """How often Airflow's question about a held file looks whether somebody decided elsewhere."""


def read_environment(root: Section) -> Environment:
    """Where this configuration is for; `demo` alone allows a simulated clock."""
    return root.choice("environment", ENVIRONMENTS)


def read_payer(section: Section) -> Payer:
    """The section `payer` of settings.yaml."""
    isa, bank = section.section("isa"), section.section("bank")
    technical, business = section.section("technical_contact"), section.section("business_contact")
    return Payer(
        name=section.text("name", X12_TEXT),
        tin=section.text("tin", TIN),
        address=section.text("address", X12_TEXT),
        city=section.text("city", X12_TEXT),
        state=section.text("state", STATE),
        zip_code=section.text("zip", ZIP),
        isa_qualifier=isa.text("qualifier", QUALIFIER),
        isa_id=isa.text("id", INTERCHANGE_ID),
        gs_id=section.text("gs_id", GROUP_CODE),
        payer_id=section.text("payer_id", X12_TEXT),
        technical_contact_name=technical.text("name", X12_TEXT),
        technical_contact_phone=technical.text("phone", PHONE),
        business_contact_name=business.text("name", X12_TEXT),
        business_contact_phone=business.text("phone", PHONE),
        web_url=section.text("web_url", WEB_ADDRESS),
        routing_number=bank.text("routing_number", ROUTING_NUMBER),
        account_number=bank.text("account_number", ACCOUNT),
    )


def read_limits(section: Section) -> Limits:
    """The section `limits` of settings.yaml."""
    return Limits(
        max_file_bytes=section.whole_number("max_file_bytes", 1, MOST_FILE_BYTES),
        lease_seconds=section.whole_number("lease_seconds", 10, DAY_SECONDS),
        batches=section.whole_number("batches", 1, MOST_BATCHES),
        files_per_batch=section.whole_number("files_per_batch", 1, MOST_A_BATCH),
        claims_per_batch=section.whole_number("claims_per_batch", 1, MOST_A_BATCH),
        hold_look_seconds=section.whole_number("hold_look_seconds", 1, DAY_SECONDS, HOLD_LOOK_SECONDS),
    )


def read_expectations(document: Document) -> tuple[Severities, Tolerances]:
    """Severity and tolerance of every expectation; what the file does not say is as it is suggested.

    A word is a severity without tolerance.
    """
    section = document.root.section("expectations")
    severities: dict[str, Severity] = {}
    tolerances: dict[str, int] = {}
    for one in EXPECTATIONS.values():
        if section.is_section(one.id):
            detailed = section.section(one.id)
            severities[one.id] = detailed.choice("severity", SEVERITIES, one.suggested)
            tolerances[one.id] = detailed.percent("tolerated_percent", one.tolerated)
        else:
            severities[one.id] = section.choice(one.id, SEVERITIES, one.suggested)
            tolerances[one.id] = 0 if section.has(one.id) else one.tolerated
    return MappingProxyType(severities), MappingProxyType(tolerances)
