"""The business checks of a guide as arrays, made once; none at all where only SNIP 1 and 2 are asked for."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from edi.business.compile import BusinessTables, compile_business
from edi.codes.lists import CodeLists
from edi.compiled.business_layout import MEMORY_FIELDS, RULE_FIELDS
from edi.guides.guide import Guide

FIRST_SNIP = 3
"""SNIP types up to 2 are the scanner's own."""


@lru_cache(maxsize=64)
def business_tables(guide: Guide | None, snip: int, lists: CodeLists | None) -> BusinessTables:
    """The checks of a guide up to that SNIP type; without lists of codes those that are shipped count."""
    if guide is None or snip < FIRST_SNIP:
        roles = np.zeros(len(guide.nodes) if guide else 1, np.uint8)
        rules, no_lists = np.zeros((1, RULE_FIELDS), np.int32), np.zeros(1, np.uint64)
        return BusinessTables(roles, rules, no_lists, np.zeros(MEMORY_FIELDS, np.int64))
    return compile_business(guide, snip, lists)
