"""834 -> `enrollment_header`, `enrollment_member`, `enrollment_coverage` ...; columns in `edi.tables.enrollment`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from edi.scan import Scan
from edi.verdict import FileVerdict
from parsers.accepted import accepted_sets, refused_ranges

if TYPE_CHECKING:
    import pyarrow as pa


def read(scan: Scan, verdict: FileVerdict, tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables of all accepted 834 sets of a file, refused members apart, empty where there are none; as sent.

    `tables` are those of `edi.tables.enrollment.ENROLLMENT_INTAKE`, of the whole file.
    """
    from edi.tables.enrollment import ENROLLMENT_INTAKE  # noqa: PLC0415 - `edi --help` needs no Arrow
    from edi.tables.keep import keep_sets  # noqa: PLC0415 - as above

    return keep_sets(tables, ENROLLMENT_INTAKE, accepted_sets(scan, verdict, {"834"}), refused_ranges(verdict))
