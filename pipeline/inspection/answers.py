"""Write the answers to a file into a folder, outside of the pipeline: TA1 and 999 as its sender would get them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edi.archived import file_reader
from pipeline.inspection.access import reading, writing
from writers.answers import answer
from writers.quoting import Quoting

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from pipeline.inspection.inspect import Inspection
    from writers.settings import Payer


def write_answers(
    inspection: Inspection, folder: Path, payer: Payer, first_control: int, prepared_at: datetime
) -> list[Path]:
    """One file for each interchange that is due an answer, named by both control numbers.

    Raises:
        FileUnreadable: the file is there no more.
        FolderUnwritable: nothing can be written there.
    """
    written = []
    control = first_control
    profile = inspection.profile
    with reading(inspection.path), file_reader(inspection.path) as read, writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        quoting = Quoting(read, claim_numbers=profile.claim_numbers_in_answers, bad_data=profile.copy_bad_data)
        for interchange in inspection.verdict.interchanges:
            content = answer(interchange, payer, control, prepared_at, quoting)
            if content is None:
                continue
            path = folder / f"answer_{control:09d}_to_{interchange.ordinal}.x12"
            unfinished = path.with_name(path.name + ".part")
            unfinished.write_bytes(content)
            unfinished.replace(path)
            written.append(path)
            control += 1
    return written
