"""Child processes that never outlive this one."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from app.infra.root import ROOT

PR_SET_PDEATHSIG = 1
LOG_BYTES = 64 * 1024**2  # of a log; as much again of what was before lies beside it
FIGURES = "PROMETHEUS_MULTIPROC_DIR"  # the folder of a part's figures: app/infra/metrics.py


def die_with_parent(parent_signal: int = signal.SIGTERM) -> None:
    """Ask the kernel to send this process a signal when its parent ends, even by SIGKILL (Linux; elsewhere nothing)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, parent_signal)
        if os.getppid() == 1 and os.environ.get("FEIRA_PARENT") not in (None, "1"):
            os.kill(os.getpid(), parent_signal)  # the parent ended before we asked


def start(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    output: IO[bytes] | None = None,
    parent_signal: int = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child in the project's root and a process group of its own (Ctrl-C reaches only us), tied to our life.

    It writes figures only where `environment` says so: what lives for a moment would leave a file for each life.
    Call it from the main thread: the kernel ties the child to the thread that starts it.
    """

    def tie() -> None:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, parent_signal)

    return subprocess.Popen(
        command,
        cwd=ROOT,  # Granian looks for the application below the folder that it runs in
        env={**_inherited(), "FEIRA_PARENT": str(os.getpid()), **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        preexec_fn=tie if sys.platform == "linux" else None,  # noqa: PLW1509 - no threads are running yet
        process_group=0,
    )


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != FIGURES}


def stop(process: subprocess.Popen[bytes], *, with_signal: int = signal.SIGTERM, seconds: float = 10) -> None:
    """Ask a child to end, and after `seconds` make it."""
    if process.poll() is not None:
        return
    process.send_signal(with_signal)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


def as_ordinary_user() -> list[str]:
    """The prefix under which PostgreSQL starts even for root: a user namespace in which root is user 1000."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        return []
    return ["unshare", "-U", "--map-user=1000", "--map-group=1000", "--"]


def keep_short(log: Path, most: int = LOG_BYTES) -> None:
    """Put a log of `most` bytes or more aside as `<name>.1`, in the place of the one that was put there before.

    Who writes at its end goes on as before; what is written in the instant between is lost.
    """
    aside = log.with_name(f"{log.name}.1")
    try:
        if log.stat().st_size < most:
            return
        shutil.copyfile(log, aside)
    except FileNotFoundError:
        return
    except OSError:  # a full disk: no log is worth more than the room for an order
        aside.unlink(missing_ok=True)
    os.truncate(log, 0)


def tail(path: Path, lines: int = 5) -> str:
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
