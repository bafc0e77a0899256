"""What a scan tells lies where it should, and tells no value."""

from __future__ import annotations

import re
from functools import cache

from edi.finding_codes import CODES
from edi.findings import Finding
from edi.guides.library import CATALOGUE, VERSION, default_library
from edi.guides.node import LoopNode
from edi.scan import Scan
from pipeline.inspection.report import message

SEGMENT_ID = re.compile(r"(?:[A-Z][A-Z0-9]{1,2})?")


def check_places(scan: Scan, data: bytes) -> None:
    """Every finding and range lies in the file and in what it belongs to; its texts are a guide's, not the file's."""
    assert scan.size == len(data)
    loops, data_elements = _texts_of_guides()
    for finding in scan.findings:
        assert 0 <= finding.source_start <= finding.source_stop <= len(data)
        assert SEGMENT_ID.fullmatch(finding.segment_id)
        assert finding.loop in loops
        assert finding.data_element in data_elements
        assert message(finding).endswith(CODES[finding.code].meaning)
        assert _is_there(scan, finding)
    last = 0
    for interchange in scan.interchanges:
        assert last <= interchange.source_start <= interchange.source_stop <= len(data)
        last = interchange.source_start
        for group in interchange.groups:
            assert last <= group.source_start <= group.source_stop <= interchange.source_stop
            last = group.source_start
            for one in group.sets:
                assert last <= one.source_start <= one.source_stop <= group.source_stop
                last = one.source_stop
            last = group.source_stop
        last = interchange.source_stop


def _is_there(scan: Scan, finding: Finding) -> bool:
    """Has the file the interchange, the group and the set that a finding names?"""
    if not finding.interchange:
        return not finding.functional_group and not finding.transaction_set
    groups = scan.interchanges[finding.interchange - 1].groups
    if not finding.functional_group:
        return not finding.transaction_set
    return finding.transaction_set <= len(groups[finding.functional_group - 1].sets)


@cache
def _texts_of_guides() -> tuple[frozenset[str], frozenset[str]]:
    """All loop ids and all data element numbers, and none."""
    library, loops, elements = default_library(), {""}, {""}
    for guide_id, entry in CATALOGUE.items():
        guide = library.find(VERSION, entry.functional_id, guide_id)
        for node in guide.nodes if guide else ():
            if isinstance(node, LoopNode):
                loops.add(node.id)
                continue
            for element in node.elements:
                elements.update((element.data_element, *(part.data_element for part in element.components)))
    return frozenset(loops), frozenset(elements)
