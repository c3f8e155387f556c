"""`python -m evaluation codebook`: does From Text to Pixels use its codebook, or has it collapsed?"""

from __future__ import annotations

import argparse
from pathlib import Path

import engines
from evaluation.codebook import pixels_per_code, report
from evaluation.progress import Notify
from evaluation.referring_items import pictures_of
from evaluation.report_file import prepare, write_report
from evaluation.spread import evenly_spaced
from evaluation.weights import weights_of
from training.references import read_scenes

HELP = "perplexity of the codes that From Text to Pixels uses, and how many it uses"
ENGINE = "text2pixels"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--data", type=Path, required=True, metavar="PATH", help="folder with refs.jsonl, or parquet")
    parser.add_argument("--split", metavar="NAME", help="all splits by default")
    parser.add_argument("--checkpoint", metavar="NAME", help="From-Text-to-Pixels weights; the default ones without")
    parser.add_argument("--limit", type=int, metavar="N", help="only N pictures, spread over all")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE.json", help="where the report goes")


def run(options: argparse.Namespace, notify: Notify | None) -> str:
    """Fuse without words, count codes, write the report, and return its overview."""
    prepare(options.output)
    pictures = evenly_spaced(pictures_of(read_scenes(options.data, options.split)), options.limit)
    engine = engines.build(ENGINE, checkpoint=options.checkpoint, device="auto")
    pixels = {}
    for number, picture in enumerate(pictures):
        if notify is not None:
            notify(number, len(pictures), picture.name)
        pixels[picture.name] = pixels_per_code(engine, picture.read())
    data = " ".join(filter(None, (options.data.resolve().name, options.split)))
    settings = {"data": data, "weights": weights_of(ENGINE, options.checkpoint)}
    made = {**report(pixels), "settings": settings}
    write_report(options.output, made)
    together, mean = made["all"], made["mean"]
    return (
        f"n {made['n']}  perplexity {together['perplexity']:.4g}  used {together['used']} of {made['codes']}  "
        f"of one picture: perplexity {mean['perplexity']:.4g}  used {mean['used']:.4g}"
    )
