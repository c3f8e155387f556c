"""What a batch remembers: a line per pair as each is done, and one JSON file at the end.

The lines are what a run that was stopped leaves; the next run reads them and goes on from there.
"""

from __future__ import annotations

import json
from pathlib import Path

from app.batch import REPORT, Record
from app.report import write_json


class Journal:
    """Appends records to OUTPUT/.batch.jsonl and turns them into OUTPUT/batch.json."""

    def __init__(self, output: Path, part: str = "") -> None:
        """Open it for appending.

        Args:
            output: The folder of the results.
            part: Marks the files of one of several programs that share the folder, e.g. "2-of-8".
        """
        self.report = output / (f"batch.{part}.json" if part else REPORT)
        self._lines = output / (f".batch.{part}.jsonl" if part else ".batch.jsonl")
        self._file = self._lines.open("a", encoding="utf-8")

    def add(self, stem: str, record: Record) -> None:
        """Remember one pair; what is written is on its way to the disk before this returns."""
        self._file.write(json.dumps({"stem": stem, "record": record}, ensure_ascii=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Leave the lines for the next run."""
        self._file.close()

    def finish(self, records: dict[str, Record]) -> None:
        """Write the JSON file, which takes the place of the lines."""
        self.close()
        partial = self.report.with_name(f".{self.report.name}.partial")
        write_json(partial, {stem: records[stem] for stem in sorted(records)})
        partial.replace(self.report)
        self._lines.unlink()


def remembered(output: Path) -> dict[str, Record]:
    """The records that earlier runs left in a folder, those of all parts; later ones count.

    A last line that was cut off, or a file that is none of ours, is passed over: its pairs are done again.
    """
    records: dict[str, Record] = {}
    for path in sorted(output.glob("batch*.json"), key=lambda path: path.stat().st_mtime_ns):
        known = _parsed(path.read_text(encoding="utf-8", errors="replace"))
        if isinstance(known, dict):
            records.update({stem: record for stem, record in known.items() if isinstance(record, dict)})
    for path in sorted(output.glob(".batch*.jsonl")):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            entry = _parsed(line)
            if isinstance(entry, dict) and isinstance(entry.get("record"), dict):
                records[str(entry.get("stem"))] = entry["record"]
    return records


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None
