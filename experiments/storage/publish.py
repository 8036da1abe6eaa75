"""Putting files on disk so that a crash at any instant leaves the old content or the new, never a mixture.

A file is written under a hidden temporary name in its own folder, flushed to the disk, read back and
compared, renamed, and the folder flushed. One process at a time may write to a result folder.
"""

import hashlib
import json
import os
import socket
from contextlib import contextmanager
from pathlib import Path

from model.errors import StorageError

LOCK = ".lock"
TEMPORARY = ".loket-"  # beginning of the name of every temporary file
BLOCK = 1 << 20  # bytes read at a time


@contextmanager
def storage_errors(path):
    """Turn what the operating system refuses into a StorageError that names the path."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"cannot write to {path}: {error.strerror or error}; earlier results are intact") from error


def sha256_of(path):
    """Return the SHA-256 of a file, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def publish(path, content):
    """Write bytes or text to `path` as a whole or not at all; return the SHA-256. Raises StorageError."""
    content = content.encode() if isinstance(content, str) else content
    return publish_with(path, lambda temporary: temporary.write_bytes(content), hashlib.sha256(content).hexdigest())


def publish_with(path, write, expected=None, verify=None):
    """Publish a file that `write(temporary path)` makes.

    Parameters
    ----------
    path : final name.
    write : function that writes the whole file under the name it is given.
    expected : SHA-256 that the file must have, if known.
    verify : function of the temporary path that raises StorageError if the file cannot be read back.

    Returns
    -------
    the SHA-256 of the file as read back.
    """
    path = Path(path)
    temporary = path.with_name(f"{TEMPORARY}{os.getpid()}-{path.name}")
    with storage_errors(path):
        try:
            write(temporary)
            flush(temporary)
            found = sha256_of(temporary)
            if expected is not None and found != expected:
                raise StorageError(f"{path}: what was read back differs from what was written")
            if verify is not None:
                verify(temporary)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        flush_folder(path.parent)
    return found


def flush(path):
    """Wait until the content of a file is on the disk."""
    with open(path, "rb+") as stream:
        os.fsync(stream.fileno())


def flush_folder(folder):
    """Wait until the names in a folder are on the disk, where the system can do that."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def append_line(path, line):
    """Add one line to a file and wait until it is on the disk; a line that does not fit is taken back."""
    with storage_errors(path), open(path, "ab") as stream:
        size = stream.tell()
        try:
            stream.write(line.encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        except OSError:
            os.truncate(path, size)
            raise


def remove_leftovers(folder):
    """Remove temporary files that a killed process left behind; only the holder of the lock may do this."""
    with storage_errors(folder):
        for path in Path(folder).rglob(f"{TEMPORARY}*"):
            path.unlink(missing_ok=True)


@contextmanager
def locked(folder):
    """Hold a folder as its only writer. Raises StorageError naming host and process if another holds it."""
    lock = Path(folder) / LOCK
    me = {"host": socket.gethostname(), "process": os.getpid()}
    with storage_errors(folder):
        while not create_lock(lock, me):
            set_aside_if_stale(lock, me)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def create_lock(lock, me):
    """Create the lock file with its content in one step; return False if there is one already."""
    draft = lock.with_name(f"{TEMPORARY}{me['process']}-lock")
    draft.write_text(json.dumps(me))
    try:
        os.link(draft, lock)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True


def set_aside_if_stale(lock, me):
    """Move away the lock of a process that is gone; raise StorageError if its holder may be alive."""
    try:
        text = lock.read_text()
    except FileNotFoundError:
        return
    try:
        holder = json.loads(text)
        host, process = str(holder["host"]), int(holder["process"])
    except (ValueError, KeyError, TypeError):
        raise StorageError(f"{lock} is not readable as a lock; remove it if no other process writes here") from None
    if host != me["host"] or (process != me["process"] and is_alive(process)):
        raise StorageError(f"{lock.parent} is in use by process {process} on {host}; try again when it has ended")
    aside = lock.with_name(f"{TEMPORARY}{me['process']}-stale-lock")
    try:
        os.replace(lock, aside)
    except FileNotFoundError:
        return
    if aside.read_text() != text:  # another process was faster: what was moved is its living lock
        os.replace(aside, lock)
        raise StorageError(f"{lock.parent} has just been taken by another process; try again when it has ended")
    aside.unlink()


def is_alive(process):
    """Return whether a process of this machine exists."""
    if os.name == "nt":
        import ctypes

        handle = ctypes.windll.kernel32.OpenProcess(0x1000, False, process)
        if handle:
            ctypes.windll.kernel32.CloseHandle(handle)
        return bool(handle)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not is_zombie(process)


def is_zombie(process):
    """Return whether a process has ended uncollected, as killed ones stay in containers without an init process."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(errors="replace")
    except OSError:  # no such file system here, or gone
        return False
    return status.rpartition(")")[2].split()[:1] == ["Z"]  # the state stands after the name, which may hold anything
