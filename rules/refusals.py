"""The findings that say which claims and members of accepted sets are not taken."""

from __future__ import annotations

from collections.abc import Iterator

from edi.findings import Finding
from edi.verdict import FileVerdict
from rules.business_units import KINDS


def refusal_findings(verdict: FileVerdict) -> Iterator[Finding]:
    """One for each refused claim or member, at its CLM or INS, over all of its bytes.

    A refused claim is in no table, so this is its trace: what was received is what was taken and what is named here.
    """
    for interchange in verdict.interchanges:
        for group in interchange.groups:
            for transaction_set in group.sets:
                for unit in transaction_set.refused:
                    kind = KINDS[transaction_set.transaction]
                    yield Finding(
                        kind.finding,
                        interchange=interchange.ordinal,
                        functional_group=group.ordinal,
                        transaction_set=transaction_set.ordinal,
                        segment_position=unit.segment_position,
                        segment_id=kind.segment,
                        loop=kind.loop,
                        source_start=unit.source_start,
                        source_stop=unit.source_stop,
                    )
