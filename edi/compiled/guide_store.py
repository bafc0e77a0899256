"""The tables of guides, kept between runs: each is named after the guide's content, so an old one is never taken."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile
from zlib import error as ZlibError  # noqa: N812 - an exception's name

import numpy as np

from edi.cache_folder import cache_folder
from edi.compiled.guide_tables import GuideTables, build_tables
from edi.guides.guide import Guide
from edi.guides.node import ElementSpecification, LoopNode, SegmentNode

PACKAGE = Path(__file__).parent
SOURCES = (
    "guide_tables.py",
    "guide_store.py",
    "routes.py",
    "symbols.py",
    "keys.py",
    "layout.py",
    "../guides/matcher.py",
)
"""What turns a guide into tables."""


@lru_cache(maxsize=64)
def guide_tables(guide: Guide | None) -> GuideTables:
    """The tables of a guide, read from the disk where they are there and whole, else built and kept."""
    if guide is None:
        return build_tables(None)
    path = cache_folder() / f"guide-{guide.id}-{_digest(guide)}.npz"
    kept = _read(path)
    if kept is None:
        kept = build_tables(guide)
        with suppress(OSError):  # the next run builds it again
            _write(path, kept)
    return kept


def _read(path: Path) -> GuideTables | None:
    try:
        with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
            return GuideTables(*(np.ascontiguousarray(arrays[name]) for name in GuideTables._fields))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, ZlibError):
        return None


def _write(path: Path, tables: GuideTables) -> None:
    handle, temporary = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **tables._asdict())
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def _digest(guide: Guide) -> str:
    """Of all that the tables are made of."""
    digest = sha256(_source_digest() + np.__version__.encode())
    for node in guide.nodes:
        digest.update(repr(_facts(node)).encode())
    return digest.hexdigest()[:24]


@lru_cache(maxsize=1)
def _source_digest() -> bytes:
    return sha256(b"".join((PACKAGE / name).read_bytes() for name in SOURCES)).digest()


def _facts(node: LoopNode | SegmentNode) -> tuple[object, ...]:
    parent = node.parent.index if node.parent else -1
    shared = (node.index, node.id, parent, node.usage, node.position, node.maximum)
    if isinstance(node, LoopNode):
        return (*shared, node.stop, tuple(child.index for child in node.children))
    key = (node.key_element, node.key_component, sorted(node.key_codes))
    return (*shared, key, node.syntax, tuple(_element_facts(element) for element in node.elements))


@lru_cache(maxsize=1 << 14)
def _element_facts(one: ElementSpecification) -> tuple[object, ...]:
    plain = (one.usage, one.data_element, one.data_type, one.minimum, one.maximum, one.pattern, one.repeat)
    return (*plain, sorted(one.codes), tuple(_element_facts(component) for component in one.components))
