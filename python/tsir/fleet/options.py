"""The command line of `python -m tsir.fleet`."""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from tsir._errors import error_of
from tsir.fleet.cells import ACTIONS, WITH_PASSES, Model, Question, questions, shard_of

_USAGE, _LOAD = 2, 3  # exit codes
_EPILOG = """Exit codes: 0 all cells are fine, 1 some are not or the run is not complete, 2 wrong usage,
3 something cannot be loaded, 130 stopped by Ctrl-C. See docs/fleet.md."""


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m tsir.fleet",
        description="Run tsir on a set of models, with several pipelines, on one machine or on many.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("models", nargs="+", type=Path, metavar="MODEL", help="a .pt or .ff module, or .ir graph")
    what = made.add_argument_group("what to do")
    what.add_argument("--do", default="verify", metavar="NAMES", help=f"of {', '.join(ACTIONS)}; default: verify")
    what.add_argument(
        "--passes",
        "-p",
        action="append",
        default=[],
        metavar="PASSES",
        help="a pipeline for verify and bench; repeatable. 'each': each pass on its own",
    )
    what.add_argument(
        "--input", "-i", action="append", default=[], metavar="INPUT", help="an input of all models, in order"
    )
    what.add_argument(
        "--inputs-of",
        type=Path,
        metavar="FILE.json",
        help="inputs by model: an object of names (with or without suffix, * allowed) and lists of inputs",
    )
    what.add_argument(
        "--arguments",
        action="append",
        default=[],
        metavar="NAME=TEXT",
        help="more flags of tsir for one thing to do: bench='--max-time 20'; repeatable",
    )
    what.add_argument("--threads", type=_positive, metavar="N", help="threads within an operator")
    what.add_argument("--device", metavar="DEVICE", help="device to run on")
    results = made.add_argument_group("results")
    results.add_argument(
        "--results", type=Path, metavar="FILE", help="default: fleet.jsonl, or fleet-K-of-N.jsonl with --shard"
    )
    results.add_argument("--resume", action="store_true", help="skip the cells that have a result in the file")
    results.add_argument(
        "--retry-failed", action="store_true", help="with --resume: run those again that crashed or took too long"
    )
    results.add_argument("--keep-samples", action="store_true", help="keep each single time of bench in the results")
    where = made.add_argument_group("where")
    where.add_argument("--scheduler", metavar="ADDRESS", help="a scheduler of Dask: tcp://host:8786")
    where.add_argument("--scheduler-file", metavar="FILE", help="the file that a scheduler of Dask wrote")
    where.add_argument("--serial", action="store_true", help="in this process, one cell after the other, without Dask")
    where.add_argument("--shard", type=_shard, metavar="K/N", help="the K-th of N parts, as with --serial")
    where.add_argument(
        "--on",
        choices=("any", "each"),
        default="any",
        help="each: timed cells on each kind of machine; any (default): each cell once",
    )
    where.add_argument("--jobs", type=_positive, default=1, metavar="N", help="local cluster: untimed cells at a time")
    limits = made.add_argument_group("limits")
    limits.add_argument("--time-limit", type=float, default=3600, metavar="SECONDS", help="for a cell (default: 3600)")
    limits.add_argument("--tries", type=_positive, default=3, metavar="N", help="for a cell whose worker dies")
    limits.add_argument(
        "--patience", type=float, default=60, metavar="SECONDS", help="to wait for workers (default: 60)"
    )
    limits.add_argument(
        "--send-up-to", type=_positive, default=1024, metavar="MIB", help="send models up to this size (default: 1024)"
    )
    made.add_argument("--dry-run", action="store_true", help="print the cells, and run none")
    return made


def check(options: argparse.Namespace) -> None:
    """Raises tsir.Error for flags that contradict each other."""
    ways = [options.scheduler, options.scheduler_file, options.serial or options.shard]
    if sum(bool(way) for way in ways) > 1:
        raise error_of("--scheduler, --scheduler-file and --serial (or --shard) exclude each other", _USAGE)
    if options.retry_failed and not options.resume:
        raise error_of("--retry-failed needs --resume", _USAGE)
    if options.input and options.inputs_of:
        raise error_of("--input and --inputs-of exclude each other", _USAGE)


def results_path(options: argparse.Namespace) -> Path:
    if options.results is not None:
        return Path(options.results)
    return Path(f"fleet-{options.shard[0]}-of-{options.shard[1]}.jsonl" if options.shard else "fleet.jsonl")


def questions_of(options: argparse.Namespace) -> list[Question]:
    """What is to be run. Raises tsir.Error."""
    actions = _actions(options.do)
    if not options.passes and WITH_PASSES & set(actions):
        raise error_of("verify and bench need --passes; --passes each is for each pass on its own", _USAGE)
    arguments = _arguments(options, actions)
    try:
        models = [Model.of_file(path) for path in options.models]
    except OSError as error:
        raise error_of(f"{error.filename}: {error.strerror}", _LOAD) from error
    inputs = {model.path: options.input for model in models}
    if options.inputs_of:
        inputs = _inputs_by_model(options.inputs_of, models)
    found = questions(models, actions, options.passes, inputs, arguments)
    return shard_of(found, *options.shard) if options.shard else found


def _actions(text: str) -> list[str]:
    actions = [name.strip() for name in text.split(",")]
    for name in actions:
        if name not in ACTIONS:
            raise error_of(f"--do {name}: not one of {', '.join(ACTIONS)}", _USAGE)
    return actions


def _arguments(options: argparse.Namespace, actions: Sequence[str]) -> dict[str, list[str]]:
    common: list[str] = []
    if options.threads:
        common += ["--threads", str(options.threads)]
    if options.device:
        common += ["--device", options.device]
    arguments = {action: list(common) for action in actions}
    for text in options.arguments:
        name, equals, words = text.partition("=")
        if not equals or name not in arguments:
            raise error_of(f"--arguments {text}: not NAME=TEXT with a NAME of --do", _USAGE)
        arguments[name] += shlex.split(words)
    verify = arguments.get("verify")
    if verify is not None and not any(word.startswith("--reproducers") for word in verify):
        verify += ["--reproducers", ""]  # folders on the machine of a worker are of no use
    return arguments


def _inputs_by_model(path: Path, models: Sequence[Model]) -> dict[str, Sequence[str]]:
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        pairs = [(str(name), [str(text) for text in texts]) for name, texts in table.items()]
    except OSError as error:
        raise error_of(f"{path}: {error.strerror}", _LOAD) from error
    except (ValueError, AttributeError, TypeError) as error:
        raise error_of(f"{path}: not an object of names and lists of inputs: {error}", _LOAD) from error
    return {model.path: _first_match(model.name, pairs) for model in models}


def _first_match(name: str, pairs: Sequence[tuple[str, Sequence[str]]]) -> Sequence[str]:
    stem = os.path.splitext(name)[0]
    for pattern, texts in pairs:
        if fnmatch.fnmatchcase(name, pattern) or fnmatch.fnmatchcase(stem, pattern):
            return texts
    return ()


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return value


def _shard(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    number, count = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= number <= count:
        raise argparse.ArgumentTypeError(f"'{text}' is not K/N with K from 1 to N")
    return number, count
