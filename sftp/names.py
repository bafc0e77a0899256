"""Which remote names may be followed; a partner's server is not trusted with them.

A name is *ignored* when it belongs to an upload under way, and *hostile* when it could leave the folder, fool a
terminal, a shell or a log, or cannot be stored.
"""

from __future__ import annotations

import unicodedata
from typing import Literal

from sftp.remote import HostileName

LONGEST_BYTES = 200
"""Leaves room under the 255 of common file systems for the suffixes that we add."""

TEMPORARY_SUFFIX = ".tmp"
"""What our own uploads end in until they are renamed."""

TEMPORARY_SUFFIXES = (TEMPORARY_SUFFIX, ".part", ".filepart", ".partial")
"""Endings that SFTP clients give to uploads under way (domain.md 1.8); compared without regard to case."""

_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories: controls, invisible and bidirectional format characters, surrogates, private, line breaks."""

_SHOWN_CHARACTERS = 80
_DIGEST_DIGITS = 12
_MOST_TWINS = 1_000

Judgment = Literal["good", "ignored", "hostile"]


def judge_name(name: bytes) -> Judgment:
    """Judge one entry of a listing by the bytes that the server sent."""
    if name in {b".", b".."}:
        return "ignored"
    try:
        text = name.decode("utf-8")
    except UnicodeDecodeError:
        return "hostile"
    if not text or len(name) > LONGEST_BYTES or text.startswith("-") or _is_unsafe(text):
        return "hostile"
    if text.startswith(".") or text.lower().endswith(TEMPORARY_SUFFIXES):
        return "ignored"
    return "good"


def check_name(name: str) -> str:
    """Return a name that we are about to use as a file name; raises HostileName."""
    if judge_name(name.encode("utf-8", "surrogateescape")) != "good":
        raise HostileName("A remote name is hostile or temporary and was not used.")
    return name


def check_path(path: str) -> str:
    """Return a path whose last part is a good name and whose folders do not climb; raises HostileName."""
    folder, _, name = path.rpartition("/")
    check_folder(folder)
    check_name(name)
    return path


def check_folder(folder: str) -> str:
    """Return a folder of the configuration: any relative or absolute path that does not climb; raises HostileName."""
    if ".." in folder.split("/") or any(unicodedata.category(character) in _UNPRINTABLE for character in folder):
        raise HostileName("A remote folder climbs out of its place or holds control characters and was not used.")
    return folder


def join(folder: str, name: str) -> str:
    """A folder and a name as one path; the login folder is '' or '.'."""
    return f"{folder.rstrip('/')}/{name}" if folder else name


def shown(name: bytes) -> str:
    """A name for people: printable ASCII, the rest escaped, cut to a length that fits a report."""
    text = name.decode("utf-8", "backslashreplace").encode("unicode_escape").decode("ascii")
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 3] + "..."


def archive_names(name: str, digest: str) -> tuple[str, ...]:
    """The names to try, in order, for a file that moves to a folder where its own name may be taken."""
    marked = f"{name}.{digest[:_DIGEST_DIGITS]}"
    return (name, marked, *(f"{marked}.{twin}" for twin in range(2, _MOST_TWINS)))


def _is_unsafe(text: str) -> bool:
    return "/" in text or "\\" in text or any(unicodedata.category(character) in _UNPRINTABLE for character in text)
