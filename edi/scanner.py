"""Scan X12 at machine speed: the same result as `edi.reference.scanner`, of files of any size in bounded memory.

The kernels are loaded when first needed, which takes about a quarter of a second, and compiled when they are not on
disk yet.
"""

from __future__ import annotations

from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from edi.encodings import Encoding
from edi.guides.library import CATALOGUE, VERSION, GuideLibrary, default_library
from edi.scan import Scan

if TYPE_CHECKING:
    from edi.compiled.batch import SegmentSink
    from edi.compiled.window import Read

MOST_SNIP = 5
"""The last SNIP type that can be told from a file alone."""
CHUNK = 4 << 20
"""Bytes in memory at a time."""
LEAST_CHUNK = 256
MOMENT = 0.02
"""Seconds between two looks whether guides may be compiled."""


def scan(
    data: bytes | bytearray | memoryview,
    library: GuideLibrary | None = None,
    *,
    snip: int = MOST_SNIP,
    encoding: Encoding = "ascii",
    sink: SegmentSink | None = None,
) -> Scan:
    """Everything that a file holds and everything wrong with it; guides come from this process's library by default.

    Findings are of SNIP types up to `snip`; 1 and 2 are always checked. The sink, where there is one, is handed the
    segments on the way.
    """
    rest = memoryview(data).cast("B")

    def read(count: int) -> memoryview:
        nonlocal rest
        part, rest = rest[:count], rest[count:]
        return part

    return _scan(read, min(CHUNK, len(rest) + 1), library, snip, encoding, sink)


def scan_stream(
    stream: BinaryIO,
    library: GuideLibrary | None = None,
    *,
    snip: int = MOST_SNIP,
    encoding: Encoding = "ascii",
    sink: SegmentSink | None = None,
    chunk: int = CHUNK,
) -> Scan:
    """As `scan`, of what a stream gives until it ends, with about `chunk` bytes of it in memory at a time."""
    return _scan(stream.read, chunk, library, snip, encoding, sink)


def scan_file(
    path: Path,
    library: GuideLibrary | None = None,
    *,
    snip: int = MOST_SNIP,
    encoding: Encoding = "ascii",
    sink: SegmentSink | None = None,
    chunk: int = CHUNK,
) -> Scan:
    """As `scan_stream`, of a file.

    Raises:
        OSError: the file cannot be read.
    """
    with FileIO(path) as stream:
        return _scan(stream.read, min(chunk, path.stat().st_size + 1), library, snip, encoding, sink)


def _scan(
    read: Read,
    chunk: int,
    library: GuideLibrary | None,
    snip: int,
    encoding: Encoding,
    sink: SegmentSink | None,
) -> Scan:
    from edi.compiled.file_scanner import Options, scan_file  # noqa: PLC0415 - heavy

    return scan_file(read, max(chunk, LEAST_CHUNK), Options(library or default_library(), snip, encoding, sink))


def is_warm() -> bool:
    """Are the kernels on disk, so that a scan need not compile them first?"""
    from edi.compiled.kernel_cache import is_kept  # noqa: PLC0415 - not needed to import this

    return is_kept()


def warm() -> None:
    """Compile the kernels and the guides, and keep both on disk.

    What the compilers leave behind is not looked through for garbage, which takes half a second: this is for programs
    that end soon.
    """
    import gc  # noqa: PLC0415 - not needed to import this
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - as above
    from threading import Event  # noqa: PLC0415 - as above

    from edi.compiled.compiler import PYTHON_IS_FREE  # noqa: PLC0415 - heavy
    from edi.compiled.guide_store import guide_tables  # noqa: PLC0415 - heavy
    from edi.compiled.kernel_cache import load  # noqa: PLC0415 - heavy

    loaded = Event()

    def compile_guides() -> None:
        library = default_library()
        for guide_id, entry in CATALOGUE.items():
            while not loaded.is_set() and not PYTHON_IS_FREE.wait(MOMENT):
                pass
            guide_tables(library.find(VERSION, entry.functional_id, guide_id))

    collects = gc.isenabled()
    gc.disable()
    try:
        with ThreadPoolExecutor(1) as beside:
            guides = beside.submit(compile_guides)
            try:
                load()
            finally:
                loaded.set()
            guides.result()
    finally:
        gc.freeze()
        if collects:
            gc.enable()
