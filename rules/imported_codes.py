"""Are the reasons and remarks of imported decisions such as an 835 may say?"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from edi.codes.reasons import KnownCodes, ReasonCodes
from edi.import_problems import ImportProblem, ImportRefused


def check_codes(rows: pd.DataFrame, codes: ReasonCodes, on: pd.Series) -> None:
    """Look at `adjustments` and `remark_codes` of rows in the form of docs/operations.md, each on its day in `on`.

    Raises:
        ImportRefused: with every code that is unknown, or not valid on its day.
    """
    reasons = _words(rows["adjustments"], on).assign(code=lambda each: each["code"].str.split(":").str[1])
    problems = [
        *_faults(rows, reasons, codes.reasons),
        *_faults(rows, _words(rows["remark_codes"], on), codes.remarks),
    ]
    if problems:
        raise ImportRefused(problems)


def _words(texts: pd.Series, on: pd.Series) -> pd.DataFrame:
    """Each word with the day of its row, under the index of the row."""
    words = texts.fillna("").str.split().explode()
    words = words[words.notna() & (words != "")]
    return pd.DataFrame({"code": words.astype(object), "on": on.reindex(words.index)})


def _faults(rows: pd.DataFrame, said: pd.DataFrame, known: KnownCodes) -> Iterator[ImportProblem]:
    pairs = said.drop_duplicates()
    for code, day in zip(pairs["code"].tolist(), pairs["on"].tolist(), strict=True):
        fault = known.fault(code, day.date())
        if fault is not None:
            at = said.index[(said["code"] == code) & (said["on"] == day)].unique()
            yield from (ImportProblem(int(row), fault) for row in rows.loc[at, "row"].tolist())
