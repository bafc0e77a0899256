"""Machine code kept between runs: kernels are compiled in a private folder, which is then given its name at once.

numba's own cache looks only at the file of the function itself, trusts what it reads, and leaves half a cache where a
process dies. So each folder ("room") here is named after everything that its code depends on, carries digests of its
files, and is either whole or not there. Two processes that compile at once do not meet.
"""

from __future__ import annotations

import gc
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

from edi.cache_folder import cache_folder

PACKAGE = Path(__file__).parent
SOURCES = ("compiled/*.py", "business/*.py", "finding_codes/*.py", "findings.py", "limits.py")
"""Under edi/: what the kernels are made of, with every constant in them."""
SCAN = "edi.compiled.scan_kernel"
SEAL = "seal.txt"
UNUSED_DAYS = 30


def load(module: str = SCAN) -> ModuleType:
    """A module of kernels with its machine code; what the scanner needs is loaded first.

    Every kernel of the module must have a signature, so that all is compiled when it is imported.
    """
    for name in dict.fromkeys((SCAN, module)):
        if name not in sys.modules:
            with _room(name):
                import_module(name)
    return sys.modules[module]


def is_kept(module: str = SCAN) -> bool:
    """Is the machine code of this module on disk, whole?"""
    return module in sys.modules or _is_whole(_folder(module))


@contextmanager
def _room(module: str) -> Iterator[None]:
    """The code that numba makes is kept in the module's folder while this lasts."""
    from numba.core import config  # noqa: PLC0415 - heavy

    folder = _folder(module)
    whole = _is_whole(folder)
    private = folder if whole else _private_folder(folder)
    before = config.CACHE_DIR
    config.CACHE_DIR = str(private)
    collects = gc.isenabled()
    gc.disable()  # the compiler makes millions of objects that live until it is done
    try:
        yield
    except BaseException:
        if not whole:
            shutil.rmtree(private, ignore_errors=True)
        raise
    finally:
        config.CACHE_DIR = before
        if collects:
            gc.enable()
    if not whole:
        _publish(private, folder)


def _folder(module: str) -> Path:
    return cache_folder() / f"kernels-{module.rpartition('.')[2]}-{_digest()}"


@cache
def _digest() -> str:
    """Of the sources and of all else that machine code depends on; numba itself looks at the time of the sources."""
    digest = sha256()
    root = PACKAGE.parent
    for pattern in SOURCES:
        for path in sorted(root.glob(pattern)):
            digest.update(f"{path}\0{path.stat().st_mtime_ns}\0".encode())
            digest.update(path.read_bytes())
    bounds = os.environ.get("NUMBA_BOUNDSCHECK", "")
    parts = (sys.version, version("numba"), version("llvmlite"), version("numpy"), _processor(), bounds)
    digest.update("\0".join(parts).encode())
    return digest.hexdigest()[:24]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    wanted = ("model name", "flags", "Features", "CPU part")
    return platform.machine() + "".join(dict.fromkeys(line for line in lines if line.startswith(wanted)))


def _private_folder(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)  # not whole: damaged
    return Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))


def _publish(private: Path, folder: Path) -> None:
    """Seal what was compiled and give it its name, unless another process was first."""
    try:
        (private / SEAL).write_text(_seal(private), encoding="utf-8")
        private.rename(folder)
    except OSError:
        shutil.rmtree(private, ignore_errors=True)
    _forget_unused(folder.parent)


def _seal(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SEAL)
    return "".join(f"{path.relative_to(folder)} {sha256(path.read_bytes()).hexdigest()}\n" for path in files)


def _is_whole(folder: Path) -> bool:
    try:
        seal = (folder / SEAL).read_text(encoding="utf-8")
        whole = bool(seal) and seal == _seal(folder)
        if whole:
            os.utime(folder)
    except (OSError, UnicodeDecodeError):
        return False
    return whole


def _forget_unused(parent: Path) -> None:
    """Remove folders of former versions, and what a killed process left."""
    oldest = time.time() - UNUSED_DAYS * 86400
    for folder in parent.glob("kernels-*"):
        try:
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder)
        except OSError:
            continue
