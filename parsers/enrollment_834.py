"""834 -> `enrollment_header`, `enrollment_member`, `enrollment_coverage`; columns in `edi.tables.enrollment`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edi.scan import Scan
from edi.verdict import FileVerdict
from parsers.accepted import accepted_sets

if TYPE_CHECKING:
    import pyarrow as pa


def read(scan: Scan, verdict: FileVerdict) -> dict[str, pa.Table]:
    """The tables of all accepted 834 sets of a file, empty where there are none; values as sent."""
    from edi.tables.enrollment import ENROLLMENT  # noqa: PLC0415 - the command line must start without Arrow
    from edi.reference.extract import extract  # noqa: PLC0415 - as above

    return extract(scan, ENROLLMENT, accepted_sets(scan, verdict, {"834"}))
