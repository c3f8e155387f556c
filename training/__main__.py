"""`python -m training NAME --data PATH --minutes M [--resume] [--device auto]`."""

from __future__ import annotations

import argparse
import importlib
import logging
import sys
from pathlib import Path

from engines.errors import SayFuseError

RECIPES = {"ris-fusion": "training.ris_fusion", "terf": "training.terf"}


def main(argv: list[str] | None = None) -> int:
    """Run one recipe; 0, or 2 with one line on stderr."""
    parser = argparse.ArgumentParser(prog="python -m training", description="Train an embedded checkpoint.")
    recipes = parser.add_subparsers(dest="name", required=True, metavar="NAME")
    for name, module in RECIPES.items():
        recipe = recipes.add_parser(name, help=importlib.util.find_spec(module).name)
        recipe.add_argument("--data", type=Path, required=True, help="folder-form data, DESIGN.md section 6")
        recipe.add_argument("--minutes", type=float, required=True)
        recipe.add_argument("--resume", action="store_true")
        recipe.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"))
        recipe.add_argument("--threads", type=int, default=2, help="CPU threads")
        recipe.add_argument("--seed", type=int, default=0)
    args, rest = parser.parse_known_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    import torch

    torch.set_num_threads(args.threads)
    recipe = importlib.import_module(RECIPES[args.name])
    own = argparse.ArgumentParser(prog=f"python -m training {args.name}")
    if hasattr(recipe, "add_arguments"):
        recipe.add_arguments(own)
    own.parse_args(rest, namespace=args)
    try:
        recipe.main(args)
    except SayFuseError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
