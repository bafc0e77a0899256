"""The 277CA (005010X214): which claims of an 837 were accepted, and why the others were returned (domain.md 1.6).

One transaction set answers one 837 set (RFI 2815); sets of the same two applications share a functional group. Under
payer and submitter stands each billing provider once, and under it each claim at a level of its own. What leaves was
read by our own scanner without a fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from edi.dates import format_date
from edi.delimiters import Delimiters
from edi.finding_codes import CODES, ERROR, REJECT
from edi.money import from_cents
from edi.scanner import scan
from edi.trouble import Final
from edi.verdict import InterchangeVerdict
from edi.writer import GroupContent, InterchangeHeader, Segment, SetContent, Written, write_interchange, write_segment
from writers.separators import separators
from writers.settings import Payer

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from edi.claim_answers import ClaimAnswers

    Integers = npt.NDArray[np.int64]

TRANSACTION = "277"
GUIDE = "005010X214"
FUNCTIONAL_ID = "HN"
RECEIVED = ("A1", "19", "PR")
"""Status of a batch, and of a provider's share of it: received; each claim has its own."""
ACCEPT = "WQ"
BALANCES = 3
"""SNIP type of the balances; which codes stand in it was decided by the edits."""
REFUSING = frozenset({ERROR, REJECT})
GROUP_CONTROL_STEP = 1_000_000
HIGHEST_CONTROL = 999_999_999
UNKNOWN = "UNKNOWN"
LEVELS_ABOVE = 2
"""HL of the payer and of the submitter."""
PROVIDER = ("billing_entity_type", "billing_name", "billing_first_name", "billing_npi", "billing_tin")
SUBMITTER = ("batch_reference", "submitter_entity_type", "submitter_name", "submitter_first_name", "submitter_id")
TEXTS = (
    *SUBMITTER,
    *PROVIDER[1:],
    *("patient_last_name", "patient_first_name", "subscriber_id", "patient_control_number", "clearinghouse_trace"),
    *("facility_code", "frequency_code"),
)
LINE_TEXTS = ("procedure_code", "modifier_1", "modifier_2", "modifier_3", "modifier_4", "revenue_code")


class AcknowledgmentUnwritable(Final):
    """Our scanner finds an error in a 277CA of ours. The message holds codes and positions."""


@dataclass(frozen=True, slots=True)
class _Set:
    """Claims of one 837 set, by their places in the sorted table."""

    group: int
    start: int
    stop: int


def write_277ca(
    verdict: InterchangeVerdict,
    answers: ClaimAnswers,
    payer: Payer,
    interchange_control: int,
    prepared_at: datetime,
    *,
    with_lines: bool = True,
) -> bytes:
    """The interchange that answers the claims of one interchange, addressed to its sender.

    Args:
        verdict: of the interchange; it can be answered (`writers.answers.is_due` says so).
        answers: its claims, at least one.
        payer: who we are.
        interchange_control: our ISA13; no two answers to one sender may have the same.
        prepared_at: now, in the plan's time zone.
        with_lines: name the lines that rejected their claim (2220D); the claim has their statuses in any case.

    Raises:
        AcknowledgmentUnwritable: our own scanner finds an error in it.
    """
    from writers.claim_status_text import Style, claim_texts, plain  # noqa: PLC0415 - Arrow is slow to import

    claims, provider_of = _sorted(plain(answers))
    delimiters = separators(_texts(claims, answers, verdict, payer))
    style = Style(delimiters, format_date(prepared_at.date()))
    sets = list(_sets(claims))
    levels = _levels(sets, provider_of)
    texts = claim_texts(claims, answers, levels, style, with_lines=with_lines).to_pylist()
    writer = _SetWriter(claims, provider_of, texts, answers, payer, prepared_at, delimiters)
    header = InterchangeHeader(
        sender_qualifier=verdict.receiver_qualifier,
        sender_id=verdict.receiver_id,
        receiver_qualifier=verdict.sender_qualifier,
        receiver_id=verdict.sender_id,
        prepared_at=prepared_at,
        control_number=interchange_control,
        usage=verdict.usage if verdict.usage in {"P", "T"} else "P",
        delimiters=delimiters,
    )
    content = write_interchange(header, _groups(verdict, sets, writer, interchange_control))
    _refuse_faulty(content)
    return content


def _sorted(claims: pa.Table) -> tuple[pa.Table, Integers]:
    """By set and, within it, by provider in order of appearance; and the number of each claim's provider."""
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    place = [claims[name].to_numpy().astype(np.int64) for name in ("functional_group", "transaction_set")]
    names = [pc.fill_null(claims[name], "") for name in PROVIDER]
    who = pc.binary_join_element_wise(*names, "\x1f").combine_chunks().dictionary_encode().indices.to_numpy()
    keys = np.stack([*place, who.astype(np.int64)])
    _, first, inverse = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    appears = first[inverse.reshape(-1)]
    order = np.lexsort((np.arange(len(appears)), appears, place[1], place[0]))
    sorted_appears = appears[order]
    number = np.cumsum(np.diff(sorted_appears, prepend=sorted_appears[:1]) != 0)
    return claims.take(order), number


def _texts(claims: pa.Table, answers: ClaimAnswers, verdict: InterchangeVerdict, payer: Payer) -> Iterator[str]:
    """Every value that goes into it."""
    yield from (verdict.sender_qualifier, verdict.sender_id, verdict.receiver_qualifier, verdict.receiver_id)
    yield from (payer.name, payer.payer_id)
    for group in verdict.groups:
        yield from (group.sender, group.receiver)
    for table, names in ((claims, TEXTS), (answers.lines, (*LINE_TEXTS, "line_control_number"))):
        for name in names:
            yield from (text for text in table[name].unique().to_pylist() if text)


def _sets(claims: pa.Table) -> Iterator[_Set]:
    groups = claims["functional_group"].to_numpy()
    ordinals = claims["transaction_set"].to_numpy()
    changes = np.flatnonzero((np.diff(groups) != 0) | (np.diff(ordinals) != 0)) + 1
    for start, stop in pairwise([0, *changes.tolist(), claims.num_rows]):
        yield _Set(int(groups[start]), start, stop)


def _levels(sets: list[_Set], provider_of: Integers) -> pa.Table:
    """HL01 and HL02 of every claim: numbers go on through a set, from payer and submitter down."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    count = len(provider_of)
    starts = np.array([one.start for one in sets], np.int64)
    begins = np.repeat(starts, np.diff(starts, append=count))
    opens = np.diff(provider_of, prepend=-1) != 0
    opens[starts] = True
    providers_so_far = np.cumsum(opens)
    ordinal = providers_so_far - providers_so_far[begins] + 1
    level = LEVELS_ABOVE + ordinal + (np.arange(count) - begins) + 1
    first_of_provider = np.maximum.accumulate(np.where(opens, np.arange(count), 0))
    parent = level[first_of_provider] - 1
    return pa.table({"level": level.astype(str), "parent_level": parent.astype(str)})


def _groups(
    verdict: InterchangeVerdict, sets: list[_Set], writer: _SetWriter, interchange_control: int
) -> Iterator[GroupContent]:
    """A functional group for each pair of application codes; GS06 as in `writers.answers`."""
    applications = {group.ordinal: (group.receiver, group.sender) for group in verdict.groups}
    pairs: dict[tuple[str, str], list[_Set]] = {}
    for one in sets:
        pairs.setdefault(applications[one.group], []).append(one)
    for number, ((sender, receiver), answered) in enumerate(pairs.items()):
        control_number = (interchange_control - 1 + number * GROUP_CONTROL_STEP) % HIGHEST_CONTROL + 1
        contents = tuple(
            SetContent(TRANSACTION, f"{place:04d}", GUIDE, writer.segments(one, f"{control_number:09d}{place:04d}"))
            for place, one in enumerate(answered, 1)
        )
        yield GroupContent(FUNCTIONAL_ID, sender, receiver, control_number, GUIDE, contents)


class _SetWriter:
    """Writes the transaction sets of one interchange."""

    def __init__(
        self,
        claims: pa.Table,
        provider_of: Integers,
        texts: list[str],
        answers: ClaimAnswers,
        payer: Payer,
        prepared_at: datetime,
        delimiters: Delimiters,
    ) -> None:
        import pyarrow.compute as pc  # noqa: PLC0415 - as above

        self.provider_of, self.texts = provider_of, texts
        self.values = {name: claims[name].to_pylist() for name in (*SUBMITTER, *PROVIDER)}
        self.answers, self.payer, self.prepared_at, self.delimiters = answers, payer, prepared_at, delimiters
        self.cents = pc.fill_null(claims["charge_cents"], 0).to_numpy()
        self.rejected = pc.is_null(claims["claim_number"]).to_numpy(zero_copy_only=False)

    def segments(self, one: _Set, reference: str) -> tuple[Segment | Written, ...]:
        """All between ST and SE; `reference` is our own number of the set."""
        borders = [
            one.start,
            *(np.flatnonzero(np.diff(self.provider_of[one.start : one.stop])) + one.start + 1).tolist(),
            one.stop,
        ]
        text = list(self._head(one, reference))
        for ordinal, (start, stop) in enumerate(pairwise(borders)):
            level = LEVELS_ABOVE + 1 + ordinal + (start - one.start)
            text += self._provider(start, stop, level, f"{reference}{ordinal + 1:06d}")
            text += self.texts[start:stop]
        whole = "".join(text)
        return (Written(whole, whole.count(self.delimiters.segment)),)

    def _head(self, one: _Set, reference: str) -> Iterator[str]:
        batch_reference = self.values["batch_reference"][one.start]
        today = format_date(self.prepared_at.date())
        yield from self._written(
            ("BHT", "0085", "08", reference, today, f"{self.prepared_at:%H%M}", "TH"),
            ("HL", "1", "", "20", "1"),
            ("NM1", "PR", "2", self.payer.name, "", "", "", "", "PI", self.payer.payer_id),
            ("TRN", "1", reference),
            ("DTP", "050", "D8", format_date(self.answers.received_date)),
            ("DTP", "009", "D8", today),
            ("HL", "2", "1", "21", "1"),
            self._name("41", "submitter", one.start, ("46", self.values["submitter_id"][one.start] or UNKNOWN)),
            ("TRN", "2", batch_reference or UNKNOWN),
            ("STC", RECEIVED, today, ACCEPT, self._sum(one.start, one.stop)),
            *self._totals(one.start, one.stop, ("90", "AA")),
        )

    def _provider(self, start: int, stop: int, level: int, trace: str) -> Iterator[str]:
        npi, tin = self.values["billing_npi"][start], self.values["billing_tin"][start]
        identifier = ("XX", npi) if npi else ("FI", tin or UNKNOWN)
        yield from self._written(
            ("HL", str(level), "2", "19", "1"),
            self._name("85", "billing", start, identifier),
            ("TRN", "1", trace),
            ("STC", RECEIVED, "", ACCEPT, self._sum(start, stop)),
            *self._totals(start, stop, ("QA", "QC")),
        )

    def _name(self, entity: str, who: str, place: int, identifier: tuple[str, str]) -> Segment:
        """NM1 of the submitter or billing provider of a claim; a first name only of a person."""
        person = self.values[f"{who}_entity_type"][place] == "1"
        first_name = (self.values[f"{who}_first_name"][place] or "") if person else ""
        last_name = self.values[f"{who}_name"][place] or UNKNOWN
        return ("NM1", entity, "1" if person else "2", last_name, first_name, "", "", "", *identifier)

    def _totals(self, start: int, stop: int, qualifiers: tuple[str, str]) -> Iterator[Segment]:
        """QTY and AMT of what was accepted and of what was rejected, each where there is any."""
        rejected = self.rejected[start:stop]
        amounts: list[Segment] = []
        for qualifier, code, chosen in zip(qualifiers, ("YU", "YY"), (~rejected, rejected), strict=True):
            if chosen.any():
                yield ("QTY", qualifier, str(int(chosen.sum())))
                amounts.append(("AMT", code, from_cents(int(self.cents[start:stop][chosen].sum()))))
        yield from amounts

    def _sum(self, start: int, stop: int) -> str:
        return from_cents(int(self.cents[start:stop].sum()))

    def _written(self, *segments: Segment) -> Iterator[str]:
        return (write_segment(segment, self.delimiters) for segment in segments)


def _refuse_faulty(content: bytes) -> None:
    scanned = scan(content, snip=BALANCES)
    errors = [finding for finding in scanned.findings if CODES[finding.code].severity in REFUSING]
    if errors:
        shown = "; ".join(
            f"{error.code} at {error.segment_id} segment {error.segment_position}" for error in errors[:5]
        )
        raise AcknowledgmentUnwritable(f"A 277CA has {len(errors)} errors: {shown}")
