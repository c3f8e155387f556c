"""The command line `python -m evaluation …` (DESIGN.md, section 5).

Each command is a module with `HELP`, `add_arguments(parser)` and `run(options, notify) -> str`, the line for stdout.
Exit status 0, or 2 for bad input with one line on stderr.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import NoReturn

from engines.errors import SayFuseError
from evaluation.progress import progress_bar

_PROGRAM = "python -m evaluation"
_COMMANDS = {
    "fusion": "evaluation.fusion_command",
    "ceiling": "evaluation.ceiling_command",
    "ris": "evaluation.referring_command",
    "ris-absent": "evaluation.referring_absent_command",
    "ris-contrast": "evaluation.referring_contrast_command",
    "guidance": "evaluation.guidance_command",
    "parser": "evaluation.parser_command",
    "speed": "evaluation.speed_command",
    "units": "evaluation.units_command",
    "restoration": "evaluation.restoration_command",
    "detection": "evaluation.detection_command",
    "codebook": "evaluation.codebook_command",
    "compare": "evaluation.compare_command",
    "report": "evaluation.report_command",
}


class _OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line; the usage stays under --help."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; `arguments` are those of the process by default.

    Returns:
        0, or 2 after one line on stderr where the input cannot be used.

    Raises:
        SystemExit: With 2 for arguments that do not parse, with 0 for --help.
    """
    options = _parser(sys.argv[1:] if arguments is None else arguments).parse_args(arguments)
    try:
        with progress_bar() as notify:
            said = options.run(options, notify)
    except (SayFuseError, OSError) as error:
        sys.stderr.write(f"{_PROGRAM}: {' '.join(str(error).split())}\n")
        return 2
    sys.stdout.write(f"{said}\n")
    return 0


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """Of the command asked for, whose module alone is imported; of all of them where none is, for --help."""
    parser = _OneLineParser(prog=_PROGRAM, description="Score fused pictures, segmentations, parsers and engines.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    asked = [name for name in _COMMANDS if arguments and arguments[0] == name]
    for name in asked or _COMMANDS:
        module = importlib.import_module(_COMMANDS[name])
        command = commands.add_parser(name, help=module.HELP)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser
