"""front_end.yaml: which edits reject a claim, for whom and from when; without the file all have their defaults."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import yaml

from pipeline.configuration.document import Document, Section
from pipeline.configuration.shapes import X12_TEXT, Shape, one_of, pattern
from rules.front_end.edit import SEVERITIES
from rules.front_end.providers import is_npi
from rules.front_end.screen import BY_ID
from rules.front_end.settings import DELAY_REASONS, REPEATED_BATCHES, EditRule, FrontEndSettings, Submitter

FILE = "front_end.yaml"
FREQUENCY = pattern("a kind of claim (P, I or D) and a frequency, such as P7", r"[PID][0-9A-Z]")
NPI = Shape("an NPI: ten digits, the first 1 or 2, the last one a check digit", is_npi)
MOST_CLAIMS = 1_000_000


def read_front_end(document: Document | None, partners: Collection[str]) -> FrontEndSettings:
    """The settings; `document` None: there is no such file."""
    if document is None:
        return FrontEndSettings()
    root = document.root
    defaults = FrontEndSettings()
    return FrontEndSettings(
        rules=tuple(_read_rules(root.section("edits"), partners)) if root.has("edits") else (),
        payer_ids=root.texts("payer_ids", X12_TEXT, required=False),
        frequencies=root.texts("frequencies", FREQUENCY) if root.has("frequencies") else defaults.frequencies,
        submitters=tuple(
            Submitter(id=submitter, providers=section.texts("providers", NPI, required=False))
            for submitter, section in (root.entries("submitters", X12_TEXT) if root.has("submitters") else ())
        ),
        delay_reasons=root.texts("delay_reasons", one_of(DELAY_REASONS))
        if root.has("delay_reasons")
        else defaults.delay_reasons,
        most_claims_per_set=root.whole_number("most_claims_per_set", 1, MOST_CLAIMS, MOST_CLAIMS)
        if root.has("most_claims_per_set")
        else None,
        repeated_batches=root.choice("repeated_batches", REPEATED_BATCHES, defaults.repeated_batches),
    )


def _read_rules(holder: Section, partners: Collection[str]) -> list[EditRule]:
    rules = []
    for edit, node in holder.nodes.items():
        if edit not in BY_ID:
            holder.asked.add(edit)
            holder.note(edit, "unknown edit; docs/edits.md lists them")
        elif isinstance(node, yaml.ScalarNode):
            rules.append(EditRule(edit=edit, severity=holder.choice(edit, SEVERITIES)))
        else:
            rules += [_read_rule(edit, section, partners) for section in holder.items(edit)]
    return rules


def _read_rule(edit: str, section: Section, partners: Collection[str]) -> EditRule:
    known = one_of(sorted(partners)) if partners else X12_TEXT
    first = section.optional_day("effective_from") or date.min
    last = section.optional_day("effective_through") or date.max
    if last < first:
        section.note("effective_through", "before effective_from")
    return EditRule(
        edit=edit,
        severity=section.choice("severity", SEVERITIES),
        partners=section.texts("partners", known, required=False),
        effective_from=first,
        effective_through=last,
    )
