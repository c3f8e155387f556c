"""`python -m evaluation restoration`: is a degraded pair restored by the sentence that names what is wrong with it?"""

from __future__ import annotations

import argparse

from evaluation.progress import Notify
from evaluation.referring_command import add_common_arguments
from evaluation.referring_items import pictures_of
from evaluation.report_file import prepare, write_report
from evaluation.restoration import REFERENCES, Asked, score
from evaluation.resumable import ResumableResults
from evaluation.spread import evenly_spaced
from evaluation.units_command import picture_size
from training.references import read_scenes

HELP = "degraded pairs fused with a matching, the default and a wrong sentence, against the clean fusion"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    add_common_arguments(parser, sources=())
    parser.add_argument("--limit", type=int, metavar="N", help="only N pictures, spread over all")
    parser.add_argument("--size", type=picture_size, metavar="WxH", help="resize the pictures; as they are by default")


def run(options: argparse.Namespace, notify: Notify | None) -> str:
    """Score, write the report, and return what the matching sentence gains for each degradation."""
    prepare(options.output)
    pictures = evenly_spaced(pictures_of(read_scenes(options.data, options.split), paraphrases=False), options.limit)
    asked = Asked(options.engine, options.checkpoint, options.size)
    report = score(pictures, asked, options.output, options.workers, notify)
    settings = {
        "data": " ".join(filter(None, (options.data.resolve().name, options.split))),
        "size": None if options.size is None else "x".join(map(str, options.size)),
        "weights": report["weights"],
    }
    write_report(options.output, {"settings": settings, **report})
    ResumableResults.forget(options.output)
    gains = (
        f"{name}: {gain['over default'][REFERENCES[0]]['PSNR']:+.2f} / {gain['over wrong'][REFERENCES[0]]['PSNR']:+.2f}"
        for name, gain in report["gain"].items()
    )
    return f"n {report['n']}  PSNR in dB over the default / a wrong sentence  {'  '.join(gains)}"
