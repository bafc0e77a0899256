"""What a replay goes by: the rules bundles that were used, and what was done in which order."""

from __future__ import annotations

from typing import Literal, get_args

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Column, ForeignKey, Table, Text

from loaders.schema.metadata import instant, metadata, surrogate_key

Work = Literal[
    "expect",
    "commit",
    "answer",
    "decide",
    "act",
    "import",
    "opening",
    "prior",
    "dispute",
    "registry",
    "reference",
    "hold",
    "remit",
    "release",
    "abandon",
    "decide_again",
    "accounts",
    "bank",
    "reissue",
]
"""expect, commit, answer, hold: of a file (held for expectations, committed, answered though set aside, decided by a
person). decide: claims decided by rules. act: of a person, on a claim that waits. import: of outside decisions.
opening: opening balances of an earlier system. prior: its claims. dispute: opened or closed. registry, reference: a
version loaded. remit, release, abandon: a remittance run, composed, released or given up. decide_again: claims that
were decided, by other rules. accounts: entries of provider accounts loaded. bank: what the bank said of payments, of a
file. reissue: a returned payment that a person lets be made again.
"""
WORKS: tuple[Work, ...] = get_args(Work)

rules_bundle = Table(
    "rules_bundle",
    metadata,
    Column("digest", Text, primary_key=True, comment="hash of what judges and decides; decisions and files name it"),
    Column("archive_path", Text, nullable=False, comment="its content, relative to the archive folder; write-once"),
    instant("first_used_at", nullable=False),
    comment="Rules bundles that judged a file or decided a claim",
)

readjudication = Table(
    "readjudication",
    metadata,
    surrogate_key("readjudication_id"),
    Column("file_id", BigInteger, ForeignKey("file.file_id"), nullable=False),
    Column("rules_bundle", Text, nullable=False, comment="the rules by which its claims were decided again"),
    instant("asked_at", nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("note", Text, comment="why"),
    comment="Files of which decided claims were decided again by other rules, because somebody asked for it",
)

work_journal = Table(
    "work_journal",
    metadata,
    surrogate_key("entry_id"),
    Column("work", Text, nullable=False, comment="what was done; see loaders.journal"),
    instant("done_at", nullable=False, comment="the instant as of which it was done"),
    Column(
        "subject_id",
        BigInteger,
        comment="file, action, import, dispute, registry or reference version, run, re-adjudication or load of entries",
    ),
    Column("rules_bundle", Text, comment="the bundle in force; empty where none matters"),
    Column("claim_ids", ARRAY(BigInteger), comment="claims that were decided, in order of their ids"),
    CheckConstraint("work in ({})".format(", ".join(f"'{work}'" for work in WORKS)), name="work"),
    comment="What changed the warehouse, in the order of commits; each entry is written last in its transaction",
)
