"""Restoration that a sentence chooses: degraded pairs with the right, the default and a wrong sentence."""

from __future__ import annotations

from engines.registry import ENGINES
from evaluation.report.results import DATA, Results, Run
from evaluation.report.section import Section
from evaluation.report.tables import table

_ENGINE = "text-if"
_SENTENCES = ("matching", "default", "wrong")
_REFERENCE = "clean fusion"
_OVER = ("over default", "over wrong")


def run() -> Run:
    """Text-IF on degraded validation pairs."""
    asked = f"--data {DATA}/msrs_ris --split val --engine {_ENGINE} --limit 10 --size 320x240"
    return Run("restoration/msrs_ris-val.json", f"restoration {asked}")


def section(results: Results) -> Section:
    """One row per degradation."""
    made = Section("Restoration by sentence")
    made.promise("restoration")
    report = results.get(run())
    if report is None:
        made.say("Not measured yet: see the commands below.")
        return made
    rows = []
    for name, means in report["mean"].items():
        cells = [
            f"{means[sentence][_REFERENCE]['PSNR']:.2f} / {means[sentence][_REFERENCE]['SSIM']:.3f}"
            for sentence in _SENTENCES
        ]
        rows.append([name, *cells, *(_gain(report["gain"][name][over][_REFERENCE]) for over in _OVER)])
    header = [f"{ENGINES[_ENGINE].title}, degraded by", *(f"{sentence} sentence" for sentence in _SENTENCES), *_OVER]
    made.share("restoration", table(header, rows))
    made.say(
        f"{report['n']} pictures of msrs_ris val at 320×240, each degraded in one way at a time: PSNR in dB and SSIM "
        "of the fused picture to what the same engine makes of the clean pair. The gains are those of the matching "
        "sentence in dB, with their 95 % interval, and the share of pictures it helps. Sentences are worded as none in "
        "training is."
    )
    return made


def _gain(gain: dict) -> str:
    spread = "" if gain["interval"] is None else " ({:+.2f} to {:+.2f})".format(*gain["interval"])
    return f"{gain['PSNR']:+.2f}{spread}, {100 * gain['share']:.0f} %"
