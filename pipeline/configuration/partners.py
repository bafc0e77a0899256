"""Trading partners: who they are on the envelope, where their folders are, and what they may send (partners.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, get_args

from edi.encodings import Encoding
from edi.finding_codes import CODES
from pipeline.configuration.document import Document, Section
from pipeline.configuration.shapes import (
    FILE_SUFFIX,
    GROUP_CODE,
    IDENTIFIER,
    INTERCHANGE_ID,
    PARTNER_ID,
    QUALIFIER,
    REMOTE_FOLDER,
    one_of,
)

if TYPE_CHECKING:
    from rules.acceptance import AcceptanceProfile
    from writers.settings import Payer

Role = Literal["employer", "administrator", "clearinghouse", "provider", "bank"]
Usage = Literal["production", "test", "both"]
FolderUsage = Literal["P", "T"]

ClaimSyntax = Literal["reject_set", "accept_with_errors"]
AfterFetch = Literal["archive", "remove"]

ROLES: tuple[Role, ...] = get_args(Role)
"""administrator is a third-party administrator (TPA) that sends enrolment for employers; bank makes our payments."""
USAGES: tuple[Usage, ...] = get_args(Usage)
CLAIM_SYNTAX: tuple[ClaimSyntax, ...] = get_args(ClaimSyntax)
AFTER_FETCH: tuple[AfterFetch, ...] = get_args(AfterFetch)
BANK: Role = "bank"
TRANSACTIONS = ("834", "837P", "837I", "837D")
BANK_TRANSACTIONS = ("NACHA",)
"""Returns, changes and receipts of deposits; no other partner sends them."""
SEVERITIES = ("reject", "error", "warning", "note")
ENCODINGS: tuple[Encoding, ...] = get_args(Encoding)
INDICATORS: Mapping[str, frozenset[str]] = {
    "production": frozenset({"P"}),
    "test": frozenset({"T"}),
    "both": frozenset({"P", "T"}),
}
"""ISA15 values that each usage allows."""
MOST_LOOK_BACK_DAYS = 3650
DEFAULT_LOOK_BACK_DAYS = 365
MOST_ANSWER_DAYS, DEFAULT_ANSWER_DAYS = 60, 3
MOST_TOLD, DEFAULT_MOST_TOLD = 1000, 200
"""Findings of a transaction set in a 999; no more than a thousand are kept of any set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """One trading partner. Remote folders are paths on its SFTP account."""

    id: str
    name: str
    role: Role
    isa_qualifier: str
    """ISA05 of what it sends, ISA07 of what we send."""
    isa_id: str
    """ISA06 and ISA08, without trailing blanks."""
    gs_ids: tuple[str, ...]
    """GS02 values it may send; the first is GS03 of what we send."""
    usage: Usage
    transactions: frozenset[str]
    """What it may send us: 834, 837P, 837I, 837D, a bank NACHA; empty for one that only receives."""
    folders: Mapping[str, str | None]
    """Remote folders by purpose: in, in_test (None = no test folder), archive, ack, out, reports."""
    connection: str
    """Airflow connection id; without Airflow, the variable EDI_SFTP_<ID> holds the connection."""
    claim_syntax: ClaimSyntax = "reject_set"
    after_fetch: AfterFetch = "archive"
    duplicate_look_back_days: int = DEFAULT_LOOK_BACK_DAYS
    """A file with the content of one received this many days ago or less is a duplicate."""
    ready_marker: str | None = None
    """Suffix of a marker file: claims.x12 is ready when claims.x12.done is there. None = ready when it stood still."""
    severities: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Finding codes whose severity differs for this partner: reject, error, warning or note."""
    encoding: Encoding = "ascii"
    """What the text elements of its files may hold beyond ASCII."""
    most_told: int = DEFAULT_MOST_TOLD
    """Findings of one transaction set that a 999 tells."""
    claim_numbers_in_answers: bool = True
    """Does a 999 name the claim (CLM01) or member (subscriber number) at fault?"""
    copy_bad_data: bool = False
    """Does a 999 copy values at fault (IK404), which may be health data?"""
    answer_days: int = DEFAULT_ANSWER_DAYS
    """Banking days after which an 835 that it did not answer by a 999 or TA1 is reported; 0: it answers nothing."""
    claims_on_paper: bool = False
    """Did its claims come to it on paper? Prompt payment has other days for those."""

    def folder(self, purpose: str) -> str:
        """The remote folder for a purpose: archive, ack, out or reports (and in)."""
        path = self.folders[purpose]
        if path is None:
            raise KeyError(purpose)
        return path

    def inbound_folders(self) -> tuple[tuple[str, FolderUsage], ...]:
        """Folders to look into, each with what its files are for: P or T."""
        if not self.transactions:
            return ()
        folders: list[tuple[str, FolderUsage]] = [(self.folder("in"), "T" if self.usage == "test" else "P")]
        test_folder = self.folders["in_test"]
        if test_folder is not None:
            folders.append((test_folder, "T"))
        return tuple(folders)

    def acceptance_profile(self, payer: Payer, folder_usage: str) -> AcceptanceProfile:
        """What the envelope and syntax rules need to know about this partner and the folder that a file came from."""
        from rules.acceptance import AcceptanceProfile  # noqa: PLC0415 - the command line must start without the rules

        return AcceptanceProfile(
            partner=self.id,
            senders=((self.isa_qualifier, self.isa_id),) if self.isa_id else (),
            group_senders=self.gs_ids,
            receivers=((payer.isa_qualifier, payer.isa_id),),
            group_receivers=(payer.gs_id,),
            usages=INDICATORS[self.usage],
            folder_usage="T" if folder_usage == "T" else "P",
            transactions=self.transactions,
            claim_syntax=self.claim_syntax,
            severities=self.severities,
            encoding=self.encoding,
            most_told=self.most_told,
            claim_numbers_in_answers=self.claim_numbers_in_answers,
            copy_bad_data=self.copy_bad_data,
        )

    def acceptance_content(self) -> dict[str, object]:
        """Whatever of this partner changes how a file is judged, as plain values for a digest."""
        return {
            "id": self.id,
            "sender": [self.isa_qualifier, self.isa_id],
            "gs_ids": sorted(self.gs_ids),
            "usage": self.usage,
            "transactions": sorted(self.transactions),
            "claim_syntax": self.claim_syntax,
            "severities": dict(sorted(self.severities.items())),
            "encoding": self.encoding,
            "most_told": self.most_told,
            "claim_numbers_in_answers": self.claim_numbers_in_answers,
        }


def read_partners(document: Document) -> dict[str, Partner]:
    """All partners by id; a faulty one is there too, so that a reference to it is no second fault."""
    partners: dict[str, Partner] = {}
    senders: dict[tuple[str, str], str] = {}
    for partner_id, section in document.root.entries("partners", PARTNER_ID):
        partner = _read_partner(partner_id, section)
        partners[partner_id] = partner
        first = senders.setdefault((partner.isa_qualifier, partner.isa_id), partner_id)
        if first != partner_id and partner.isa_id:
            section.note("isa", f"partner '{first}' has the same interchange id")
    return partners


def _read_partner(partner_id: str, section: Section) -> Partner:
    role = section.choice("role", ROLES)
    usage = section.choice("usage", USAGES)
    sent = BANK_TRANSACTIONS if role == BANK else TRANSACTIONS
    transactions = section.texts("transactions", one_of(sent), required=False)
    qualifier, interchange_id = "", ""
    group_ids: tuple[str, ...] = ()
    if role != BANK:
        isa = section.section("isa")
        qualifier, interchange_id = isa.text("qualifier", QUALIFIER), isa.text("id", INTERCHANGE_ID)
        group_ids = section.texts("gs_ids", GROUP_CODE)
    folders = _read_folders(section.section("folders"), receives_only=not transactions)
    if usage == "test" and folders["in_test"]:
        section.note("folders", "a partner with usage test has no in_test folder besides in")
    return Partner(
        id=partner_id,
        name=section.text("name"),
        role=role,
        isa_qualifier=qualifier,
        isa_id=interchange_id,
        gs_ids=group_ids,
        usage=usage,
        transactions=frozenset(transactions),
        folders=MappingProxyType(folders),
        connection=section.optional_text("connection", IDENTIFIER) or f"edi_sftp_{partner_id}",
        claim_syntax=section.choice("claim_syntax", CLAIM_SYNTAX, "reject_set"),
        after_fetch=section.choice("after_fetch", AFTER_FETCH, "archive"),
        duplicate_look_back_days=section.whole_number(
            "duplicate_look_back_days", 0, MOST_LOOK_BACK_DAYS, DEFAULT_LOOK_BACK_DAYS
        ),
        ready_marker=section.optional_text("ready_marker", FILE_SUFFIX),
        severities=MappingProxyType(_read_severities(section)),
        encoding=section.choice("encoding", ENCODINGS, "ascii"),
        most_told=section.whole_number("most_told", 1, MOST_TOLD, DEFAULT_MOST_TOLD),
        claim_numbers_in_answers=section.flag("claim_numbers_in_answers", default=True),
        copy_bad_data=section.flag("copy_bad_data", default=False),
        answer_days=section.whole_number("answer_days", 0, MOST_ANSWER_DAYS, DEFAULT_ANSWER_DAYS),
        claims_on_paper=section.flag("claims_on_paper", default=False),
    )


def _read_folders(section: Section, *, receives_only: bool) -> dict[str, str | None]:
    inbound = "" if receives_only and not section.has("in") else section.text("in", REMOTE_FOLDER)
    folders = {
        "in": inbound,
        "in_test": section.optional_text("in_test", REMOTE_FOLDER),
        **{purpose: section.text(purpose, REMOTE_FOLDER) for purpose in ("archive", "ack", "out", "reports")},
    }
    used: dict[str, str] = {}
    for purpose, path in folders.items():
        # What we write must never be listed as something that the partner sent.
        first = used.setdefault(path.strip("/"), purpose) if path else purpose
        if first != purpose and {first, purpose} & {"in", "in_test", "archive"}:
            section.note(purpose, f"the same folder as '{first}'")
    return folders


def _read_severities(section: Section) -> dict[str, str]:
    if not section.has("severities"):
        return {}
    holder = section.section("severities")
    severities = {}
    for code in holder.nodes:
        severities[code] = holder.choice(code, SEVERITIES)
        if code not in CODES:
            holder.note(code, "unknown finding code; docs/findings.md lists them")
    return severities
