"""Claim status, 277CA: nothing of its own beyond what holds everywhere."""

from __future__ import annotations

from edi.business.language import Declaration, Scope

STATUS = Declaration(frozenset({"277CA"}), (Scope("set", "ST_LOOP ST"),), (), ())
