"""Right and wrong files to begin with: the fullest of every guide, plain ones, and the corpus."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from edi.guides.library import CATALOGUE, VERSION, default_library
from edi.synthetic.files import Request, generate
from tests.edi.business.samples import SAMPLES, file_of
from tests.edi.tables.fullest_file import fullest_file

CORPUS = Path(__file__).parents[1] / "corpus"
CRASHERS = CORPUS / "crashers"
LARGEST = 12_000
"""Bytes of a file of the corpus that is damaged over and over again."""
KINDS = ("834", "837P", "837I", "837D")


@cache
def fullest_files() -> tuple[bytes, ...]:
    """Every segment of every guide."""
    library = default_library()
    guides = (library.find(VERSION, entry.functional_id, guide_id) for guide_id, entry in CATALOGUE.items())
    return tuple(fullest_file(guide) for guide in guides if guide)


@cache
def small_files() -> tuple[bytes, ...]:
    """Right files of a few thousand bytes."""
    generated = (generate(Request(kind=kind, items=2, seed=seed)) for kind in KINDS for seed in (1, 2))
    return (*(file_of(sample) for sample in SAMPLES), *generated)


@cache
def corpus_files() -> tuple[bytes, ...]:
    """Files of other projects and former crashers; what is no X12 among them is none of ours either."""
    paths = sorted(path for path in CORPUS.rglob("*") if path.is_file())
    return tuple(data for path in paths if len(data := path.read_bytes()) <= LARGEST)


@cache
def all_files() -> tuple[bytes, ...]:
    """To be damaged; small ones are many, so that most time goes where most can happen."""
    return (*small_files(), *corpus_files(), *fullest_files())
