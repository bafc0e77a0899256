"""The EOP as a page: what the other forms say, for eye and ear."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from edi.remittance import Person
from tests.writers.remittances import PAYER, pended_claim, statement, worked_example
from writers.eop_html import write_eop_html
from writers.html_page import STYLE
from writers.statement_words import StatementDisagrees, money

VOID_ELEMENTS = {"meta", "br", "link"}
WEEK = statement(worked_example(), pended_claim())


class Page(HTMLParser):
    """The elements of a page in their order, and whether each that opens closes."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(content.decode("utf-8"))
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Count it, and wait for its end."""
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID_ELEMENTS:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """It ends what was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """What is read aloud."""
        self.texts.append(data)

    def named(self, *tags: str) -> Iterator[tuple[str, dict[str, str | None]]]:
        """Elements of these kinds."""
        return (each for each in self.elements if each[0] in tags)


def test_it_says_what_the_statement_says() -> None:
    """Payment, each claim, each reason and each waiting claim."""
    week = WEEK
    said = "".join(Page(write_eop_html(week, PAYER)).texts)
    assert week.remittance
    assert f"${money(week.remittance.payment_cents)}" in said
    assert week.remittance.trace_number in said
    for claim in week.remittance.claims:
        assert claim.details.claim_number in said
        assert money(claim.paid_cents) in said
    for pended in week.pended:
        assert pended.details.claim_number in said
    for notice in week.notices:
        assert notice in said


def test_it_can_be_heard_and_reached_by_keyboard() -> None:
    """Language, title, one h1, headings without gaps, landmarks, captions, headers with their scope, a skip link."""
    found = Page(write_eop_html(WEEK, PAYER))
    assert next(found.named("html"))[1]["lang"] == "en"
    assert len(list(found.named("title"))) == len(list(found.named("h1"))) == len(list(found.named("main"))) == 1
    levels = [int(tag[1]) for tag, _ in found.named("h1", "h2", "h3", "h4")]
    assert all(deeper - level <= 1 for level, deeper in itertools.pairwise(levels))
    tables = len(list(found.named("table")))
    assert tables == len(list(found.named("caption"))) > 0
    assert all(attributes.get("scope") in {"row", "col"} for _, attributes in found.named("th"))
    regions = [attributes for _, attributes in found.named("div") if attributes.get("role") == "region"]
    assert len(regions) == tables
    assert all(region["tabindex"] == "0" and region["aria-label"] for region in regions)
    assert next(found.named("a"))[1] == {"class": "skip", "href": "#main"}


def test_a_narrow_cell_breaks_no_day() -> None:
    """Of a line and of a claim that waits."""
    days = [attributes for _, attributes in Page(write_eop_html(WEEK, PAYER)).named("time")]
    lines = sum(len(claim.services) for claim in WEEK.remittance.claims) if WEEK.remittance else 0
    assert len(days) >= lines + 2 * len(WEEK.pended) > 2
    assert "time{white-space:nowrap}" in STYLE


def test_text_stands_out_against_its_ground() -> None:
    """4.5:1 at least, as WCAG AA wants: every ink of the style on the darkest ground under it."""
    inks = set(re.findall(r"[{;]color:(#[0-9a-f]{6})", STYLE))
    assert len(inks) >= 3
    for ink in inks:
        assert contrast(ink, "#e8eef4") >= 4.5
        assert contrast(ink, "#ffffff") >= 4.5


def contrast(one: str, other: str) -> float:
    """As WCAG reckons it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_values_are_text_and_never_markup() -> None:
    """A patient may be called anything."""
    week = WEEK
    assert week.remittance
    first, *others = week.remittance.claims
    evil = replace(first, details=replace(first.details, patient=Person("<script>alert(1)</script>", "A&B")))
    changed = replace(week, remittance=replace(week.remittance, claims=(evil, *others)))
    content = write_eop_html(changed, PAYER)
    assert b"<script" not in content
    assert b"A&amp;B" in content


def test_a_page_that_does_not_add_up_is_not_written() -> None:
    """As for the other forms."""
    week = WEEK
    assert week.remittance
    less = replace(week.remittance, claims=week.remittance.claims[1:])
    with pytest.raises(StatementDisagrees):
        write_eop_html(replace(week, remittance=less), PAYER)
