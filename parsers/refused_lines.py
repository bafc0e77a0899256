"""Lines of refused claims whose service (SV1, SV2, SV3) broke the guide, read from the bytes: what was billed for what.

The guide's reader takes nothing from a segment that has no place in the guide, such as one with an unknown kind of
code. The answer that returns the line still says which service it is and what it was charged at.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from edi.money import to_cents
from edi.scan import Scan

if TYPE_CHECKING:
    import pyarrow as pa

    from edi.delimiters import Delimiters


class _Service(NamedTuple):
    """Which elements of a service segment say what; 0: none does."""

    revenue: int
    procedure: int
    charge: int


SERVICES: Mapping[str, _Service] = MappingProxyType(
    {"SV1": _Service(0, 1, 2), "SV2": _Service(1, 2, 3), "SV3": _Service(0, 1, 2)}
)
READ = ("procedure_qualifier", "procedure_code", "revenue_code", "charge_cents")
BLANKS = " \t\r\n"


def with_services(lines: pa.Table, scan: Scan, data: bytes) -> pa.Table:
    """The table `refused_line` of `parsers.claims_837`, with what its reader left empty."""
    import pyarrow as pa  # noqa: PLC0415 - the command line must start without Arrow

    columns = {name: lines[name].to_pylist() for name in READ}
    wanted = [row for row in range(lines.num_rows) if all(columns[name][row] is None for name in READ)]
    if not wanted:
        return lines
    places = {name: lines[name].to_pylist() for name in ("interchange", "source_start", "source_stop")}
    for row in wanted:
        delimiters = scan.interchanges[places["interchange"][row] - 1].delimiters
        text = data[places["source_start"][row] : places["source_stop"][row]].decode("latin-1")
        for name, value in _read(text, delimiters).items():
            columns[name][row] = value
    for name, values in columns.items():
        place = lines.schema.get_field_index(name)
        lines = lines.set_column(place, name, pa.array(values, lines.schema.field(place).type))
    return lines


def _read(text: str, delimiters: Delimiters) -> dict[str, str | int | None]:
    """The first service segment of a line."""
    for segment in text.split(delimiters.segment):
        elements = segment.strip(BLANKS).split(delimiters.element)
        service = SERVICES.get(elements[0])
        if service is not None:
            return _said([*elements, "", "", "", ""], service, delimiters.component)
    return {}


def _said(elements: list[str], service: _Service, component: str) -> dict[str, str | int | None]:
    qualifier, code, *_ = [*elements[service.procedure].split(component), "", ""]
    try:
        charge = to_cents(elements[service.charge])
    except ValueError:
        charge = None
    return {
        "procedure_qualifier": qualifier or None,
        "procedure_code": code or None,
        "revenue_code": (elements[service.revenue] or None) if service.revenue else None,
        "charge_cents": charge,
    }
