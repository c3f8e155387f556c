"""Whether this process can serve people: models here, parser ready. Answered at /health."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from engines import checkpoints

logger = logging.getLogger(__name__)

STARTING, READY, FAILED = "starting", "ready", "failed"


class Health:
    """What has been found out so far; safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started = time.monotonic()
        self._status = STARTING
        self._parser = ""

    def warm_up(self) -> None:
        """Run the parser and the default engine once, so that the first person does not wait for them to load."""
        import numpy as np

        from app import pipeline
        from engines import ImagePair

        grey = ImagePair(np.full((64, 64, 3), 0.5, np.float32), np.full((64, 64), 0.5, np.float32))
        try:
            outcome = pipeline.fuse(grey, pipeline.understand("make the people clear"))
        except Exception:
            logger.warning("The default engine could not be loaded ahead of the first request.", exc_info=True)
            self._tell(FAILED, "")
        else:
            self._tell(READY, outcome.instruction.parser)

    def _tell(self, status: str, parser: str) -> None:
        with self._lock:
            self._status, self._parser = status, parser

    def report(self) -> dict[str, Any]:
        """{"status", "parser", "missing", "seconds"}: starting, ready or failed; the parser that reads sentences; the
        checkpoints of the repository that are not here; seconds since the start."""
        missing = [entry.name for entry in checkpoints.listed() if entry.kind == "embedded" and not entry.present]
        with self._lock:
            status = FAILED if missing else self._status
            seconds = round(time.monotonic() - self._started, 1)
            return {"status": status, "parser": self._parser, "missing": missing, "seconds": seconds}
