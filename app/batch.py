"""Many pairs with one instruction: which there are, what one of them takes, what need not be done again.

Where the work runs is another matter: `app.batch_processes` on this machine, `app.batch_ray` on a Ray cluster.
"""

from __future__ import annotations

import glob
import hashlib
import json
import logging
import os
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from app.options import Reading
from engines import InputError, Instruction, SayFuseError
from engines.checkpoints import file_sha256, listed, weight_file
from engines.regions.needed import needed
from engines.regions.options import RegionOptions
from engines.registry import ENGINES

logger = logging.getLogger(__name__)

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"})
REPORT = "batch.json"

Record = dict[str, Any]


@dataclass(frozen=True)
class Settings:
    """What is the same for every pair; the instruction is parsed once. Each picture goes to output/STEM.png.

    Attributes:
        instruction: The parsed sentence.
        engine: An engine's name, or "auto".
        preset: "fast" or "paper".
        checkpoint: Weights other than the engine's own; None for those.
        output: The folder of the results.
        weights: Digest of the weights that may take part, see `weights_digest`.
        reading: The camera's polarity, and how the pictures are aligned.
        regions: How regions are looked for.
    """

    instruction: Instruction
    engine: str
    preset: str
    checkpoint: str | None
    output: Path
    weights: str = ""
    reading: Reading = Reading()  # noqa: RUF009 (immutable)
    regions: RegionOptions = RegionOptions()


@dataclass(frozen=True)
class Job:
    """One pair."""

    stem: str
    visible: Path
    infrared: Path


def _by_stem(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        raise InputError(f"{folder} must be a folder of pictures, but there is none.")
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in SUFFIXES or not path.is_file():
            continue
        if path.stem in found:
            raise InputError(f"{folder} has {found[path.stem].name} and {path.name}: two pictures of one name.")
        found[path.stem] = path
    return found


def matched(visible: Path, infrared: Path) -> tuple[dict[str, tuple[Path, Path]], list[str]]:
    """Pair the pictures of two folders by file stem.

    Returns:
        Stem -> (visible file, infrared file), sorted, and the names of files without a partner.

    Raises:
        InputError: A folder is missing, has one stem twice, or no stem is in both.
    """
    left, right = _by_stem(visible), _by_stem(infrared)
    files = {stem: (left[stem], right[stem]) for stem in left if stem in right}
    if not files:
        raise InputError(f"No picture in {visible} has a partner of the same name in {infrared}.")
    alone = [(left | right)[stem].name for stem in sorted(left.keys() ^ right.keys())]
    return files, alone


def weights_digest(checkpoint: str | None, engine: str, regions: RegionOptions | None = None) -> str:
    """One digest of all weights that a fusion may use: every engine's own, the checkpoint that is named, and what finds
    regions, which is another masker once its checkpoints have been fetched.

    Raises:
        CheckpointError: The checkpoint named is missing or damaged.
    """
    digests = sorted(entry.sha256 for entry in listed() if entry.default)
    looked = regions or RegionOptions()
    if "regions" in ENGINES[engine].options and looked.backend != "embedded":
        masker = needed(looked.sam)
        if all(entry.present for entry in masker):
            digests += [f"{entry.name} {entry.sha256}" for entry in masker]
    if checkpoint is not None:
        digests.append(file_sha256(weight_file(engine, checkpoint)))
    return hashlib.sha256(" ".join(digests).encode()).hexdigest()


def fingerprint(job: Job, settings: Settings) -> str:
    """Digest of what a result depends on: both files and how they are read, edits, engine, preset, weights, masker.

    Raises:
        OSError: A file cannot be read.
    """
    edits = [[edit.region, edit.effect, edit.strength] for edit in settings.instruction.edits]
    files, reading = [file_sha256(job.visible), file_sha256(job.infrared)], settings.reading
    parts = [*files, edits, settings.engine, settings.preset, settings.weights, reading.polarity, reading.align]
    if settings.regions != RegionOptions():
        # Left out otherwise, so that what an older SayFuse has done is still known as done.
        parts.append(astuple(settings.regions))
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def fuse_one(job: Job, settings: Settings) -> tuple[str, Record]:
    """Fuse one pair and write output/STEM.png: the whole file or none, whenever this process ends.

    Returns:
        The stem and its report, with the digests "fingerprint" and "sha256" (of the file written), or
        {"error": sentence} where the pair cannot be fused.
    """
    from app.pairs import read_pair, write_png
    from app.pipeline import fuse
    from app.report import report

    target = settings.output / f"{job.stem}.png"
    partial = settings.output / f".{job.stem}.{os.getpid()}.partial"
    try:
        made_from = fingerprint(job, settings)
        pair = read_pair(job.visible, job.infrared, reading=settings.reading)
        outcome = fuse(
            pair,
            settings.instruction,
            settings.engine,
            settings.preset,
            settings.checkpoint,
            regions=settings.regions,
        )
        write_png(partial, outcome.result.image)
        digest = file_sha256(partial)
        partial.replace(target)
    except SayFuseError as error:
        return job.stem, {"error": str(error)}
    except Exception as error:
        # One picture that uncovers a defect must not cost the person the other pictures.
        logger.debug("The pair %s failed.", job.stem, exc_info=True)
        return job.stem, {"error": f"SayFuse failed ({type(error).__name__}: {error})."}
    finally:
        partial.unlink(missing_ok=True)
    return job.stem, {**report(outcome), "fingerprint": made_from, "sha256": digest}


def is_done(job: Job, settings: Settings, record: Record | None) -> bool:
    """Whether the job's picture lies in the output folder as recorded, made from the same files in the same way."""
    target = settings.output / f"{job.stem}.png"
    if record is None or "error" in record or not target.is_file():
        return False
    try:
        return record.get("sha256") == file_sha256(target) and record.get("fingerprint") == fingerprint(job, settings)
    except OSError:
        return False


def remove_partial_files(output: Path, stems: Iterable[str]) -> None:
    """Remove what workers that were ended left behind."""
    for stem in stems:
        for path in output.glob(f".{glob.escape(stem)}.*.partial"):
            path.unlink(missing_ok=True)
