"""Run pyx12 over a file and note every error it reports, at the segment where it arises."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from unittest import mock

import pyx12.error_handler
import pyx12.map_if
import pyx12.params
import pyx12.x12file
import pyx12.x12n_document

from tests.parity.rows import ENVELOPE, Place

COUNTED = frozenset({"4", "5"})
"""Codes of what stands there too often."""
MISSING = "3"
SYNTAX_NOTES = frozenset({"2", "10"})
"""pyx12's inner codes of a broken syntax note; outside it calls both 8 of the segment."""
NOTE = re.compile(r"\(([PRECL])((?:\d\d)+)\)")
LEADING_BLANK = "Segment contains a leading space"


@dataclass
class Reading:
    """What one reader says of a file."""

    places: set[Place] = field(default_factory=set)
    noted: set[Place] = field(default_factory=set)
    """What is said without refusing anything."""
    accepted: bool = False
    crash: str = ""
    """Name of the exception that pyx12 ended with."""
    read: int = 0
    """Number of the last segment that was read."""
    stops: int = 0
    """Number of the first segment that was not read, of a file that was given up without a word."""


class _Recorder(pyx12.error_handler.err_handler):  # type: ignore[misc] # pyx12 is untyped
    """pyx12's error handler, listening."""

    def __init__(self) -> None:
        super().__init__()
        self.reading = _current[-1]
        self.line = 0
        self.node: Any = None
        self.replaying = False

    def add_isa_loop(self, seg_data: Any, src: Any) -> None:
        self.line = src.get_cur_line()
        super().add_isa_loop(seg_data, src)

    def add_gs_loop(self, seg_data: Any, src: Any) -> None:
        self.line = src.get_cur_line()
        super().add_gs_loop(seg_data, src)

    def add_st_loop(self, seg_data: Any, src: Any) -> None:
        self.line = src.get_cur_line()
        super().add_st_loop(seg_data, src)

    def add_seg(self, map_node: Any, seg_data: Any, seg_count: int, cur_line: int, ls_id: Any) -> None:
        self.line, self.node = cur_line, map_node
        super().add_seg(map_node, seg_data, seg_count, cur_line, ls_id)

    def close_isa_loop(self, node: Any, seg: Any, src: Any) -> None:
        self.line = src.get_cur_line()
        super().close_isa_loop(node, seg, src)

    def close_gs_loop(self, node: Any, seg: Any, src: Any) -> None:
        self.line = src.get_cur_line()
        super().close_gs_loop(node, seg, src)

    def close_st_loop(self, node: Any, seg: Any, src: Any) -> None:
        self.line = src.get_cur_line()
        super().close_st_loop(node, seg, src)

    def seg_error(self, err_cde: str, err_str: str, err_value: Any = None, src_line: Any = None) -> None:
        """Of the walker; those of elements come by way of `_note_elements`, the reader's own are noted there."""
        if not self.replaying:
            loop, segment = "", ""
            if err_cde in COUNTED or err_cde == MISSING:
                node = self.node
                loop, segment = (node.id, "") if node.is_loop() else (node.parent.id, node.id)
            self.reading.places.add(Place(src_line or self.line, err_cde, 0, 0, loop, segment))
        super().seg_error(err_cde, err_str, err_value, src_line)

    def handle_errors(self, err_list: Any) -> None:
        self.replaying = True
        super().handle_errors(err_list)
        self.replaying = False


_current: list[Reading] = []
_apply = pyx12.x12n_document.apply_segment_errors


def _note_elements(node: Any, seg_data: Any, errh: _Recorder) -> bool:
    """pyx12's own check of the elements of a segment, noted with its inner codes: outside most of them are an 8."""
    _, errors = node.is_valid_errors(seg_data)
    for one in errors:
        errh.reading.places.update(_places(one, errh.line, seg_data))
    errh.replaying = True
    valid: bool = _apply(node, seg_data, errh)
    errh.replaying = False
    return valid


def _places(error: Any, line: int, seg_data: Any) -> Iterator[Place]:
    leaf = error.map_node
    if leaf is None and error.err_cde in SYNTAX_NOTES:
        yield from _broken_note(error.err_str, line, seg_data)
        return
    if leaf is None:
        element, component = int(re.sub(r"^[A-Z0-9]{2,3}(?=\d\d$)", "", str(error.refdes))), 0
        code = {"3": "elements", "5": "10"}.get(error.err_cde, error.err_cde)
    else:
        inside = leaf.parent.is_composite()
        element, component = (leaf.parent.seq, leaf.seq) if inside else (leaf.seq, 0)
        code = error.err_cde
    if seg_data.get_seg_id() in ENVELOPE:
        code, component = "element", 0
    yield Place(line, code, element, component)


def _broken_note(message: str, line: int, seg_data: Any) -> Iterator[Place]:
    """A broken syntax note at the elements that would mend it, not at the segment."""
    kind, places = NOTE.findall(message)[0]
    numbers = [int(place) for place in re.findall("..", places)]
    present = [number for number in numbers if seg_data.get_value(f"{number:02}")]
    absent = [number for number in numbers if number not in present]
    wanted = {"P": absent, "R": numbers[:1], "C": absent, "L": absent[:1], "E": present[1:]}[kind]
    for number in wanted:
        yield Place(line, "exclusion" if kind == "E" else "note", number)


class _Reader(pyx12.x12file.X12Reader):  # type: ignore[misc] # pyx12 is untyped
    """pyx12's reader, whose own errors are noted where they arise.

    pyx12 keeps them until the next segment that has a place in the map, and shows them there.
    """

    def _note(self, code: str) -> None:
        _current[-1].places.add(Place(self.inside or self.cur_line + 1, code))

    inside = 0

    def _parse_segment(self, seg_data: Any) -> None:
        _current[-1].read = self.inside = self.cur_line + 1  # counted up on the way, before trailers are looked at
        super()._parse_segment(seg_data)
        self.inside = 0

    def _seg_error(self, err_cde: str, err_str: str, err_value: Any = None, src_line: Any = None) -> None:
        self._note("blank" if err_str == LEADING_BLANK else err_cde)
        super()._seg_error(err_cde, err_str, err_value, src_line)

    def _st_error(self, err_cde: str, err_str: str) -> None:
        self._note("ST" + err_cde)
        super()._st_error(err_cde, err_str)

    def _gs_error(self, err_cde: str, err_str: str) -> None:
        self._note("GS" + err_cde)
        super()._gs_error(err_cde, err_str)

    def _isa_error(self, err_cde: str, err_str: str) -> None:
        self._note("ISA" + err_cde)
        super()._isa_error(err_cde, err_str)


_load_once = cache(pyx12.map_if.load_map_file)


def read_with_pyx12(data: bytes) -> Reading:
    """What pyx12 says of a file; where it crashes, how."""
    reading = Reading()
    _current[:] = [reading]
    logging.disable(logging.CRITICAL)
    text = io.StringIO(data.decode("latin-1"), newline="")
    try:
        with (
            mock.patch.object(pyx12.error_handler, "err_handler", _Recorder),
            mock.patch.object(pyx12.x12file, "X12Reader", _Reader),
            mock.patch.object(pyx12.x12n_document, "apply_segment_errors", _note_elements),
            mock.patch.object(pyx12.map_if, "load_map_file", lambda name, *_arguments, **_named: _load(name)),
        ):
            reading.accepted = bool(pyx12.x12n_document.x12n_document(_parameters(), text, None, None))
    except Exception as error:  # noqa: BLE001 - whatever it is, that is what is recorded
        reading.crash = type(error).__name__
    finally:
        logging.disable(logging.NOTSET)
    return reading


@cache
def _parameters() -> Any:
    return pyx12.params.ParamsBase()


def _load(name: str) -> Any:
    return _load_once(name, _parameters())
