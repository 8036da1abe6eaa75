"""How the model's functions are compiled, decided once.

The compiled code is kept in a folder named by the hash of every model source file. Numba's own cache looks only at the
file a function stands in, so a rule changed in another file would silently go on running as it was.
"""

import atexit
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import numba

MODEL_FOLDER = Path(__file__).resolve().parent


def source_hash(folder=MODEL_FOLDER):
    """Return the SHA-256 (hex) of all Python files below `folder`, by relative name and content."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _cache_folder():
    """Return the cache folder for exactly this source; a private temporary one if the project folder is read-only."""
    wanted = MODEL_FOLDER.parent / ".cache" / "numba" / source_hash()[:16]
    try:
        wanted.mkdir(parents=True, exist_ok=True)
    except OSError:
        return _temporary_folder()
    return str(wanted) if os.access(wanted, os.W_OK) else _temporary_folder()


def _temporary_folder():
    """Return a folder for this process and those that it starts, which is gone when this process ends."""
    folder = tempfile.mkdtemp(prefix="loket-numba-")
    os.environ["NUMBA_CACHE_DIR"] = folder  # else every worker would compile for itself and leave a folder of its own
    atexit.register(_remove, folder, os.getpid())
    return folder


def _remove(folder, creator):
    """Remove a folder unless this is a copy of the process that created it."""
    if os.getpid() == creator:
        shutil.rmtree(folder, ignore_errors=True)


if "NUMBA_CACHE_DIR" not in os.environ:
    numba.config.CACHE_DIR = _cache_folder()

# Inlined, because a call that hands on an array counts its references, with locked instructions, twice a call. Inlining
# neither contracts nor reorders arithmetic: every bit stays.
compiled = numba.njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
