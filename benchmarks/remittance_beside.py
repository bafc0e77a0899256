"""Memory of the processes beside a benchmark that write statements."""

from __future__ import annotations

from pathlib import Path

from claims_clock import peak_megabytes


class Beside:
    """The most memory that a process beside this one had, looked at now and then."""

    def __init__(self) -> None:
        self.kilobytes = 0

    def look(self) -> None:
        """At all that live."""
        for thread in Path("/proc/self/task").glob("*/children"):
            for process in thread.read_text("ascii").split():
                status = Path(f"/proc/{process}/status").read_text("ascii", "replace")
                most = next((line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")), "0")
                self.kilobytes = max(self.kilobytes, int(most))

    def told(self) -> str:
        """Both peaks."""
        return f"peak memory {peak_megabytes():.0f} MB here, {self.kilobytes / 1024:.0f} MB in the largest beside"
