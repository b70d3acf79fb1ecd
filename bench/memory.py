"""The largest resident memory of a process and its children."""

import contextlib
import threading
from pathlib import Path

import psutil


class Peaks:
    """Within its block: peaks in MB, by program. The kernel keeps them; they are gone with the process."""

    def __init__(self, pid: int) -> None:
        self._root, self._over = psutil.Process(pid), threading.Event()
        self.megabytes: dict[str, float] = {}
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Peaks":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.2):
            with contextlib.suppress(psutil.Error):
                for process in [self._root, *self._root.children(recursive=True)]:
                    with contextlib.suppress(psutil.Error, OSError):
                        self._note(process)

    def _note(self, process: psutil.Process) -> None:
        name = next((word for word in process.cmdline() if word.startswith("workers.")), "other")
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                self.megabytes[name] = max(self.megabytes.get(name, 0.0), round(int(line.split()[1]) / 1024, 1))
