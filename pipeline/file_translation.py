"""The translation of a file of the ledger: made under a rules bundle, kept in its run folder, made again where lost."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from pipeline.run_folder import RunFolders, Translation, TranslationMissing
from pipeline.translate import translate

if TYPE_CHECKING:
    from loaders.ledger import LedgerFile
    from pipeline.house import House

log = logging.getLogger(__name__)


def translate_file(house: House, file: LedgerFile) -> Translation:
    """Read the archived file as a delivery of its partner into the folder it came from."""
    profile = house.partner(file.partner).acceptance_profile(house.configuration.payer, file.usage)
    return translate(house.archive.read(file.archive_path), profile, house.configuration.guide_library())


def keep_translation(house: House, file: LedgerFile) -> str:
    """Translate a file into its run folder; returns the rules bundle that it was judged by."""
    bundle = house.configuration.digest()
    RunFolders(house.runs).write(file.file_id, bundle, translate_file(house, file))
    return bundle


def translation_of(house: House, file: LedgerFile) -> Translation:
    """What a translated file was translated to; where its run folder is gone, it is translated again.

    Raises:
        TranslationMissing: the run folder is gone, and the rules bundle that made it is no longer in force.
    """
    bundle = file.rules_bundle or ""
    folders = RunFolders(house.runs)
    try:
        return folders.read(file.file_id, bundle)
    except TranslationMissing:
        if bundle != house.configuration.digest():
            raise
        log.warning("The run folder of file %s is gone; translating it again.", file.file_id)
        keep_translation(house, file)
        return folders.read(file.file_id, bundle)
