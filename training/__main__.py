"""`python -m training NAME --data PATH --minutes M [--resume] [--device auto]`."""

from __future__ import annotations

import argparse
import importlib
import logging
import sys
from pathlib import Path

from training.exit_status import exit_status

RECIPES = {
    "ris-fusion": ("training.ris_fusion", "fusion and referring segmentation, jointly"),
    "terf": ("training.terf", "the fusion backbone"),
    "text-if": ("training.text_if", "restoration and fusion that a sentence chooses"),
    "text2pixels": ("training.text2pixels", "fusion and detection on two levels"),
    "tesg": ("training.tesg", "fusion guided by masks and words"),
    "parser": ("training.parser.recipe", "the LLaMA that reads instructions"),
}


def build_parser(chosen: str | None) -> argparse.ArgumentParser:
    """The parser of every recipe; only the chosen one is imported, for its own options."""
    parser = argparse.ArgumentParser(prog="python -m training", description="Train an embedded checkpoint.")
    recipes = parser.add_subparsers(dest="name", required=True, metavar="NAME")
    for name, (module, purpose) in RECIPES.items():
        recipe = recipes.add_parser(name, help=purpose, description=purpose)
        recipe.add_argument("--data", type=Path, required=True, help="folder-form data, see training/references.py")
        recipe.add_argument("--minutes", type=float, required=True, help="how long to train")
        recipe.add_argument("--resume", action="store_true", help="continue the last run, or the committed weights")
        recipe.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"))
        recipe.add_argument("--threads", type=int, default=2, help="CPU threads")
        recipe.add_argument("--seed", type=int, default=0)
        if name == chosen:
            importlib.import_module(module).add_arguments(recipe)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one recipe; 0, or 2 with one line on stderr."""
    argv = sys.argv[1:] if argv is None else argv
    args = build_parser(argv[0] if argv else None).parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    import torch

    torch.set_num_threads(args.threads)
    recipe = importlib.import_module(RECIPES[args.name][0])
    return exit_status(lambda: recipe.main(args))


if __name__ == "__main__":
    sys.exit(main())
