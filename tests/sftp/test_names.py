"""Which remote names may be followed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sftp.names import LONGEST_BYTES, Judgment, archive_names, check_folder, join, judge_name, shown
from sftp.remote import HostileName


@pytest.mark.parametrize(
    ("name", "judgment"),
    [
        (b"acme_834_20260608T120000Z_000000001.x12", "good"),
        (b"HIPAA.123.20260608.claims.dat", "good"),
        (b"two words (1).x12", "good"),
        ("stra\u00dfe.x12".encode(), "good"),
        (b"a..b.x12", "good"),
        (b"x" * LONGEST_BYTES, "good"),
        (b".", "ignored"),
        (b"..", "ignored"),
        (b".claims.x12", "ignored"),
        (b"claims.tmp", "ignored"),
        (b"claims.x12.PART", "ignored"),
        (b"claims.filepart", "ignored"),
        (b"", "hostile"),
        (b"../claims.x12", "hostile"),
        (b"/etc/passwd", "hostile"),
        (b"in/claims.x12", "hostile"),
        (b"in\\claims.x12", "hostile"),
        (b"-rf", "hostile"),
        (b"a\x00b", "hostile"),
        (b"a\rb", "hostile"),
        (b"a\x7fb", "hostile"),
        (b"a\x1b]0;title\x07", "hostile"),
        ("a\u2028b".encode(), "hostile"),
        ("a\u200bb".encode(), "hostile"),
        (b"\xff", "hostile"),
        (b"\xed\xa0\x80", "hostile"),
        (b"x" * (LONGEST_BYTES + 1), "hostile"),
    ],
    ids=repr,
)
def test_each_kind_of_name_has_its_judgment(name: bytes, judgment: Judgment) -> None:
    """The table of the rule."""
    assert judge_name(name) == judgment


@given(st.binary(max_size=300))
def test_a_good_name_is_one_short_printable_part_of_a_path(name: bytes) -> None:
    """Whatever a server sends, a name that passes cannot leave its folder or speak to a terminal."""
    if judge_name(name) == "good":
        text = name.decode("utf-8")
        assert "/" not in text
        assert "\\" not in text
        assert text.isprintable() or " " in text or "\u3000" in text or text != text.strip()
        assert not text.startswith(("-", "."))
        assert len(name) <= LONGEST_BYTES


@given(st.binary(max_size=300))
def test_a_shown_name_is_harmless(name: bytes) -> None:
    """A report may print it anywhere."""
    text = shown(name)
    assert text.isascii()
    assert text.isprintable() or not text
    assert len(text) <= 80


@pytest.mark.parametrize("folder", ["..", "in/..", "../in", "a/../b", "a\nb", "a\x00"])
def test_a_folder_of_the_configuration_may_not_climb(folder: str) -> None:
    """A slip in config/ does not reach into another partner's folder."""
    with pytest.raises(HostileName):
        check_folder(folder)


@pytest.mark.parametrize(
    ("folder", "path"), [("in", "in/a"), ("in/", "in/a"), ("/srv/acme/in", "/srv/acme/in/a"), ("", "a")]
)
def test_a_folder_and_a_name_make_one_path(folder: str, path: str) -> None:
    """With one slash between them, and none for the login folder."""
    assert join(folder, "a") == path


def test_the_names_tried_in_an_archive_are_all_different() -> None:
    """The own name comes first, then the one marked by the content."""
    names = archive_names("claims.x12", "ab" * 32)
    assert names[:3] == ("claims.x12", "claims.x12.abababababab", "claims.x12.abababababab.2")
    assert len(set(names)) == len(names)
