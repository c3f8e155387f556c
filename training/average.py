"""`python -m training.average FILE FILE … --output FILE [--part PREFIX FILE]`: the mean of several weight files.

Weights that one run reached from another lie in one basin, and their mean often does better than either (Wortsman et
al., "Model soups", ICML 2022). A part that was trained on by itself can be taken from a file of its own. Weight files
are those of the engines, or the parser's GGUF files of one tokenizer.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from engines.checkpoints import load_safetensors, save_safetensors
from engines.errors import CheckpointError
from training.exit_status import exit_status
from training.parser.gguf_file import read_gguf, write_gguf


def average(files: Sequence[Path], output: Path, prefix: str | None = None, part: Path | None = None) -> None:
    """Write the mean of weight files, with the configuration of the last.

    Args:
        files: Weight files of one network, at least one.
        output: Where the mean goes; each tensor as the last file has it, mean of the floating-point ones.
        prefix: Tensors whose names begin so come from `part` instead.
        part: See `prefix`.

    Raises:
        CheckpointError: A file cannot be used, or the files have other tensors than the last one.
    """
    if output.suffix == ".gguf":
        if prefix is not None:
            raise CheckpointError("A part from another file can be taken for safetensors files only.")
        _average_parsers(files, output)
        return
    read = [load_safetensors(file) for file in files]
    last, configuration = read[-1]
    for file, (tensors, _) in zip(files, read, strict=True):
        _check(last, tensors, files[-1], file)
    mixed = {name: _mean([tensors[name] for tensors, _ in read]) for name in last}
    if prefix is not None and part is not None:
        other, _ = load_safetensors(part)
        _check(last, other, files[-1], part)
        chosen = {name: tensor for name, tensor in other.items() if name.startswith(prefix)}
        if not chosen:
            raise CheckpointError(f"No tensor of {part.name} has a name that begins with {prefix!r}.")
        mixed |= chosen
    save_safetensors(output, mixed, configuration)


def _average_parsers(files: Sequence[Path], output: Path) -> None:
    read = [read_gguf(file) for file in files]
    model, tokenizer = read[-1]
    words = tokenizer.to_str()
    states = [each.state_dict() for each, _ in read]
    for file, state, (_, other) in zip(files, states, read, strict=True):
        _check(states[-1], state, files[-1], file)
        if other.to_str() != words:
            raise CheckpointError(f"{files[-1].name} and {file.name} have other tokens.")
    model.load_state_dict({name: _mean([state[name] for state in states]) for name in states[-1]})
    write_gguf(model, tokenizer, output)


def _mean(tensors: Sequence[Tensor]) -> Tensor:
    if not tensors[-1].is_floating_point():
        return tensors[-1]
    return torch.stack([tensor.double() for tensor in tensors]).mean(dim=0).to(tensors[-1].dtype)


def _check(expected: dict[str, Tensor], found: dict[str, Tensor], expected_file: Path, found_file: Path) -> None:
    shapes, others = ({name: tensor.shape for name, tensor in of.items()} for of in (expected, found))
    if shapes != others:
        different = sorted(name for name in shapes.keys() | others.keys() if shapes.get(name) != others.get(name))
        raise CheckpointError(
            f"{expected_file.name} and {found_file.name} are not of one network: they differ in {different[0]!r}."
        )


def main(argv: list[str] | None = None) -> int:
    """Entry of the command; 0, or 2 with one line on stderr."""
    parser = argparse.ArgumentParser(prog="python -m training.average", description="Mean of weight files.")
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE")
    parser.add_argument("--part", nargs=2, metavar=("PREFIX", "FILE"), help="tensors to take from another file")
    args = parser.parse_args(argv)
    prefix, part = (args.part[0], Path(args.part[1])) if args.part else (None, None)
    return exit_status(lambda: average(args.files, args.output, prefix, part))


if __name__ == "__main__":
    sys.exit(main())
