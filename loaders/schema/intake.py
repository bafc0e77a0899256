"""Files as they arrive: the ledger, what was looked at, envelopes, and findings."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from loaders.schema.metadata import instant, metadata, source_range, surrogate_key

FILE_STATES = (
    "received",
    "translated",
    "checked",
    "committed",
    "acknowledged",
    "duplicate",
    "quarantined",
    "held",
    "failed",
)

file = Table(
    "file",
    metadata,
    surrogate_key("file_id"),
    Column("partner", Text, nullable=False, comment="id of the trading partner in config/, or 'unknown'"),
    Column("remote_path", Text, nullable=False, comment="path on the partner's SFTP folder when it was listed"),
    Column("remote_size", BigInteger, nullable=False, comment="bytes, as listed"),
    instant("remote_mtime", nullable=False, comment="last change of the remote file, as listed"),
    Column("sha256", Text, nullable=False, comment="of the bytes as fetched"),
    Column(
        "content_sha256",
        Text,
        nullable=False,
        comment="sha256 of the bytes without CR and LF: a file that was only re-wrapped is the same content",
    ),
    Column("size_bytes", BigInteger, nullable=False, comment="bytes fetched"),
    instant("arrived_at", nullable=False, comment="when it was complete in the partner's folder"),
    Column("received_date", Date, nullable=False, comment="arrival in the plan's time zone; runs every filing limit"),
    Column("archive_path", Text, nullable=False, comment="relative to the archive folder; write-once"),
    Column("kind", Text, nullable=False, comment="834, 837, NACHA or other; read from its start, never from the name"),
    Column("usage", Text, nullable=False, comment="P or T: what the folder it came from is for"),
    Column("state", Text, nullable=False, comment="how far it has come; see loaders.ledger"),
    Column("reason_code", Text, comment="why it is in this state, from pipeline's table of reasons"),
    Column("reason", Text, comment="the same in words, without any value of the file"),
    Column("duplicate_of", BigInteger, ForeignKey("file.file_id"), comment="the first file with this content"),
    Column("lease_owner", Text, comment="worker that may change it now"),
    instant("lease_until", comment="from then on anybody may take it"),
    Column("attempts", Integer, nullable=False, server_default="0", comment="leases taken in this state"),
    Column("rules_bundle", Text, comment="hash of the rules and configuration that translated it"),
    instant("remote_finished_at", comment="when the remote file was moved away or removed"),
    instant("state_changed_at", nullable=False),
    UniqueConstraint("partner", "remote_path", "remote_size", "remote_mtime"),
    CheckConstraint("state in ({})".format(", ".join(f"'{state}'" for state in FILE_STATES)), name="state"),
    CheckConstraint("usage in ('P', 'T')", name="usage"),
    Index("ix_file_state_kind", "state", "kind", "arrived_at"),
    Index("ix_file_sha256", "sha256"),
    Index("ix_file_content_sha256", "content_sha256"),
    comment="The file ledger: one row a delivered file, and the state it has reached",
)

file_state_change = Table(
    "file_state_change",
    metadata,
    surrogate_key("change_id"),
    Column("file_id", BigInteger, ForeignKey("file.file_id"), nullable=False, index=True),
    instant("changed_at", nullable=False),
    Column("state", Text, nullable=False),
    Column("reason_code", Text),
    comment="Every state that a file went through",
)

folder_look = Table(
    "folder_look",
    metadata,
    Column("partner", Text, primary_key=True),
    Column("folder", Text, primary_key=True),
    instant("looked_at", nullable=False),
    comment="When each remote folder was last listed: a file found now arrived after that",
)

remote_look = Table(
    "remote_look",
    metadata,
    Column("partner", Text, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("size_bytes", BigInteger, nullable=False),
    instant("mtime", nullable=False),
    instant("first_seen_at", nullable=False, comment="first look that saw this size and mtime"),
    instant("not_before", comment="the look at its folder before that one, if there was one"),
    instant("seen_at", nullable=False, comment="the last look"),
    comment="The earlier look at each remote file; it is ready when size and mtime stood still between two looks",
)

interchange = Table(
    "interchange",
    metadata,
    surrogate_key("interchange_id"),
    Column("file_id", BigInteger, ForeignKey("file.file_id"), nullable=False),
    Column("ordinal", Integer, nullable=False, comment="1 for the first ISA of the file"),
    Column("sender_qualifier", Text, nullable=False, comment="ISA05"),
    Column("sender_id", Text, nullable=False, comment="ISA06, trailing blanks removed"),
    Column("receiver_qualifier", Text, nullable=False, comment="ISA07"),
    Column("receiver_id", Text, nullable=False, comment="ISA08, trailing blanks removed"),
    Column("control_number", Text, nullable=False, comment="ISA13"),
    Column("version", Text, nullable=False, comment="ISA12"),
    Column("usage", Text, nullable=False, comment="ISA15"),
    Column("acknowledgment_requested", Boolean, nullable=False, comment="ISA14 = 1"),
    Column("ta1_code", Text, nullable=False, comment="TA104 decided for it: A, E or R"),
    Column("ta1_note", Text, nullable=False, comment="TA105"),
    *source_range(),
    UniqueConstraint("file_id", "ordinal"),
    comment="One row an ISA..IEA",
)

interchange_registry = Table(
    "interchange_registry",
    metadata,
    Column("sender_qualifier", Text, primary_key=True),
    Column("sender_id", Text, primary_key=True),
    Column("receiver_qualifier", Text, primary_key=True),
    Column("receiver_id", Text, primary_key=True),
    Column("usage", Text, primary_key=True, comment="T and P number apart"),
    Column("control_number", Text, primary_key=True, comment="ISA13"),
    Column("interchange_id", BigInteger, ForeignKey("interchange.interchange_id"), nullable=False),
    Column("received_date", Date, nullable=False),
    comment="Interchange control numbers already used; the unique key decides which of two files came first",
)

functional_group = Table(
    "functional_group",
    metadata,
    surrogate_key("group_key"),
    Column("interchange_id", BigInteger, ForeignKey("interchange.interchange_id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("functional_id", Text, nullable=False, comment="GS01"),
    Column("sender", Text, nullable=False, comment="GS02"),
    Column("receiver", Text, nullable=False, comment="GS03"),
    Column("control_number", Text, nullable=False, comment="GS06"),
    Column("guide", Text, nullable=False, comment="GS08"),
    Column("received_sets", Integer, nullable=False, comment="AK903"),
    Column("accepted_sets", Integer, nullable=False, comment="AK904"),
    Column("ak901", Text, nullable=False, comment="AK901: A, E, P or R"),
    *source_range(),
    UniqueConstraint("interchange_id", "ordinal"),
    comment="One row a GS..GE, with the answer its 999 gives",
)

transaction_set = Table(
    "transaction_set",
    metadata,
    surrogate_key("set_key"),
    Column("group_key", BigInteger, ForeignKey("functional_group.group_key"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("transaction", Text, nullable=False, comment="ST01"),
    Column("control_number", Text, nullable=False, comment="ST02"),
    Column("guide", Text, nullable=False, comment="ST03, or GS08 where it is absent"),
    Column("segments", Integer, nullable=False, comment="ST to SE, both counted"),
    Column("ik501", Text, nullable=False, comment="IK501: A, E or R"),
    Column("reference", Text, comment="BHT03 of an 837, BGN02 of an 834"),
    *source_range(),
    UniqueConstraint("group_key", "ordinal"),
    comment="One row an ST..SE, with the answer its 999 gives",
)

finding = Table(
    "finding",
    metadata,
    surrogate_key("finding_id"),
    Column("file_id", BigInteger, ForeignKey("file.file_id"), nullable=False, index=True),
    Column("code", Text, nullable=False, comment="key of edi.finding_codes.CODES"),
    Column("severity", Text, nullable=False, comment="error, warning or note"),
    Column("interchange", Integer, nullable=False),
    Column("functional_group", Integer, nullable=False),
    Column("transaction_set", Integer, nullable=False),
    Column("segment_position", Integer, nullable=False, comment="IK302: ST is 1; 0 outside a set"),
    Column("segment_id", Text, nullable=False),
    Column("loop", Text, nullable=False),
    Column("element", Integer, nullable=False),
    Column("component", Integer, nullable=False),
    Column("repetition", Integer, nullable=False),
    Column("data_element", Text, nullable=False, comment="IK402"),
    Column("source_start", BigInteger, nullable=False),
    Column("source_stop", BigInteger, nullable=False),
    comment="What is wrong with a file, by position; never an element's content",
)
