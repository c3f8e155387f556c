"""The results page: which sections it has, writing it, and telling whether it is up to date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evaluation.report import (
    ceiling_section,
    detection_section,
    fusion_section,
    metrics_section,
    parser_section,
    referring_section,
    restoration_section,
    speed_section,
    summary_section,
    training_section,
    units_section,
    words_section,
)
from evaluation.report.blocks import files_with_blocks, filled
from evaluation.report.figures import drawn_here, save, up_to_date
from evaluation.report.results import DATA, FOLDER, Results, Run
from evaluation.report.section import Figure, Section

_SECTIONS: tuple[Callable[[Results], Section], ...] = (
    summary_section.section,
    fusion_section.section,
    ceiling_section.section,
    referring_section.section,
    words_section.section,
    referring_section.ablations,
    restoration_section.section,
    detection_section.section,
    parser_section.section,
    units_section.section,
    speed_section.section,
    training_section.section,
    metrics_section.section,
)
_INTRODUCTION = f"""# Results

Written by `python -m evaluation report` from the raw JSON in `{FOLDER}`, which evaluation commands wrote; do not edit.
`python -m evaluation report --check` says whether it agrees with them. {DATA} stands for the folder that holds the data
sets, which are not in this repository: msrs_ris (pairs of the MSRS test set) and roadscene_ris (pairs of RoadScene),
both with referring expressions written for this project, and instructions.jsonl. No network was trained on their
validation parts, which are scored here, but choices such as thresholds were made while looking at these numbers, so
they flatter a little; and the data are small, which the intervals show.

All metrics, their directions and sources are in `evaluation/metrics_profiles.py`. Numbers of two programs compare only
where their conventions agree: `--profile cddfuse` and `--profile tang` compute what two widespread programs do.
"""


@dataclass
class Page:
    """Everything the report command writes.

    Attributes:
        text: docs/RESULTS.md.
        blocks: Content of the marked blocks by name.
        figures: The plots.
        due: What has not been measured, or with weights that have been replaced since or are not known.
    """

    text: str
    blocks: dict[str, str]
    figures: list[Figure]
    due: list[Run]


def compose(root: Path) -> Page:
    """Make the page from the raw results below a repository's root.

    Raises:
        InputError: A raw result is damaged.
    """
    results = Results(root / FOLDER)
    sections = [make(results) for make in _SECTIONS]
    parts = [_INTRODUCTION.strip(), *(section.markdown for section in sections), *_commands(results)]
    blocks = {name: content for section in sections for name, content in section.blocks.items()}
    figures = [figure for section in sections for figure in section.figures]
    return Page("\n\n".join(parts) + "\n", blocks, figures, [*results.missing, *results.outdated])


def write(root: Path) -> list[Path]:
    """Write the page, its figures and the marked blocks.

    Returns:
        The files that changed.

    Raises:
        InputError: A raw result is damaged, a block has an unknown name, or matplotlib is missing.
    """
    page = compose(root)
    changed = []
    for path, text in _texts(root, page).items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    folder = root / "docs" / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    for figure in page.figures:
        path = folder / f"{figure.name}.png"
        if not up_to_date(figure, path):
            save(figure, path)
            changed.append(path)
    for path in _orphans(folder, page):
        path.unlink()
        changed.append(path)
    return changed


def outdated(root: Path) -> list[Path]:
    """The files that `write` would change.

    Raises:
        InputError: As `write` does.
    """
    page = compose(root)
    texts = [
        path
        for path, text in _texts(root, page).items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    folder = root / "docs" / "figures"
    pictures = [folder / f"{figure.name}.png" for figure in page.figures]
    stale = [path for path, figure in zip(pictures, page.figures, strict=True) if not up_to_date(figure, path)]
    return [*texts, *stale, *_orphans(folder, page)]


def _texts(root: Path, page: Page) -> dict[Path, str]:
    texts = {root / "docs" / "RESULTS.md": page.text}
    for path in files_with_blocks(root):
        texts[path] = filled(path.read_text(encoding="utf-8"), page.blocks, path.name)
    return texts


def _orphans(folder: Path, page: Page) -> list[Path]:
    """Plots of results that are gone."""
    names = {figure.name for figure in page.figures}
    return [path for path in sorted(folder.glob("*.png")) if path.stem not in names and drawn_here(path)]


def _commands(results: Results) -> list[str]:
    parts = []
    if results.outdated:
        commands = "\n".join(run.command for run in results.outdated)
        parts.append(
            "## Measured with weights that have been replaced since\n\n"
            "These numbers describe earlier weights, or their raw results do not say which. To measure again:\n\n"
            f"```\n{commands}\n```"
        )
    if results.missing:
        commands = "\n".join(run.command for run in results.missing)
        parts.append(f"## Not measured yet\n\nThese commands make what is missing above:\n\n```\n{commands}\n```")
    return parts
