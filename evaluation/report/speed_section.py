"""Time and memory, as `python -m evaluation speed` measured them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evaluation.report.results import Results, Run
from evaluation.report.section import Section
from evaluation.report.tables import NONE, table

_RUN = Run("speed/speed.json", "speed")
_Scalar = str | int | float | bool | None


def section(results: Results) -> Section:
    """Every group of measurements of the report as a table."""
    made = Section("Speed and memory")
    report = results.get(_RUN)
    if report is None:
        made.say("Not measured yet: see the commands below.")
        return made
    made.say(
        "Wall-clock seconds of one machine, which its own line names; ratios to the reference of the same run compare "
        "between machines, seconds do not."
    )
    alone = {key: value for key, value in report.items() if _is_scalar(value)}
    if alone:
        made.say(", ".join(f"{_words(key)} {_shown(value)}" for key, value in alone.items()) + ".")
    for key, value in report.items():
        if not _is_scalar(value):
            rows = list(_rows(value))
            if rows:
                made.say(f"### {_words(key).capitalize()}")
                made.share(f"speed-{key.replace('_', '-')}", measurements(rows))
    return made


def measurements(rows: list[tuple[tuple[str, ...], Mapping[str, _Scalar]]]) -> str:
    """A table of measurements.

    Args:
        rows: What was measured, outermost name first, and its values by name.
    """
    depth = max(len(path) for path, _ in rows)
    columns = list(dict.fromkeys(name for _, values in rows for name in values))
    body = [
        [*path, *[""] * (depth - len(path)), *(_shown(values[name]) if name in values else NONE for name in columns)]
        for path, values in rows
    ]
    return table([*[""] * depth, *map(_words, columns)], body, text_columns=max(1, depth))


def _rows(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Mapping[str, _Scalar]]]:
    """Every object whose values are numbers or text, with the names that lead to it."""
    if isinstance(value, list):
        for item in value:
            yield from _rows(item, path)
    elif isinstance(value, dict):
        values = {key: item for key, item in value.items() if _is_scalar(item)}
        if values:
            yield path, values
        for key, item in value.items():
            if key not in values:
                yield from _rows(item, (*path, _words(key)))


def _is_scalar(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)


def _shown(value: _Scalar) -> str:
    if isinstance(value, float):
        return f"{value:.3g}"
    return NONE if value is None else str(value)


def _words(key: str) -> str:
    return key.replace("_", " ")
