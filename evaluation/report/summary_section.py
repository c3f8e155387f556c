"""The few numbers that README shows."""

from __future__ import annotations

from engines.registry import ENGINES
from evaluation.report import fusion_section, parser_section, referring_section
from evaluation.report.results import Results
from evaluation.report.section import Section
from evaluation.report.tables import number, table

_METRICS = ("SCD", "VIF", "Qabf", "SSIM")


def section(results: Results) -> Section:
    """One table of what has been measured."""
    made = Section("In short")
    rows: list[list[str]] = []
    for data in fusion_section.DATA_SETS:
        engines = [name for name, engine in ENGINES.items() if engine.learned or name == fusion_section.FLOOR]
        reports = results.get_all({name: fusion_section.run_of(data, name) for name in engines})
        for name, report in reports.items():
            values = ", ".join(f"{metric} {number(report['mean'][metric], metric)}" for metric in _METRICS)
            rows.append([f"fusion, {ENGINES[name].title}", f"{data.title}, {report['n']} pairs", values])
    for data in referring_section.DATA_SETS:
        for name, report in results.get_all(referring_section.runs_of(data)).items():
            values = f"mIoU {report['mIoU']:.1f} %, P@0.5 {report['P@0.5']:.1f} %"
            rows.append([f"referring segmentation, {name}", f"{data} val, {report['n']} sentences", values])
    for name, report in results.get_all(parser_section.runs()).items():
        values = f"{100.0 * report['exact']:.0f} % read exactly"
        rows.append([f"parser, {parser_section.TITLES[name]}", f"{report['n']} sentences", values])
    made.share("summary", table(["what", "on", "result"], rows, text_columns=3))
    return made
