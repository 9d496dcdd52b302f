"""The subcommands as functions.

Options that a function does not name are given by the name that the program's help shows, with _ for -: `max_time=10`
is --max-time 10, `no_compare=True` is --no-compare, and a list repeats the option.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Literal

from tsir import schema
from tsir._call import Answer, Option, call, call_for_json, flags
from tsir._inputs import Inputs, Model, Workspace
from tsir._results import Bench, Diff, Drawing, Dump, Opt, Report, Run, Tune, Verify


def dump(
    model: Model,
    *,
    method: str | None = None,
    show: str | Sequence[str] | None = None,
    inputs: Inputs = None,
    **options: Option,
) -> Dump:
    """Shows what a file contains. `show`: sections, such as "ops" or ["summary", "attributes"]."""
    sections = show if show is None or isinstance(show, str) else ",".join(show)
    with Workspace() as work:
        own = {"method": method, "show": sections}
        # With a file that cannot be compiled, the exit code is 3, and the JSON has the rest.
        answer = _ask(work, "dump", [model], inputs, own, options, accept=(0, 1, 3))
        return Dump.from_json(answer.data, answer.stdout)


def opt(
    model: Model,
    passes: str,
    *,
    inputs: Inputs = None,
    output: str | os.PathLike[str] | None = None,
    method: str | None = None,
    reproducers: str | os.PathLike[str] = "",
    **options: Option,
) -> Opt:
    """Runs passes. `output`: the .pt or .ir file to write. `reproducers`: a folder for what shows a failure again."""
    with Workspace() as work:
        own = {"passes": passes, "method": method, "o": _text(output), "reproducers": _text(reproducers)}
        answer = _ask(work, "opt", [model], inputs, own, options)
        return Opt.from_json(answer.data, answer.stdout)


def verify(
    model: Model,
    passes: str | None = None,
    *,
    inputs: Inputs = None,
    each: bool = False,
    method: str | None = None,
    reproducers: str | os.PathLike[str] = "",
    **options: Option,
) -> Verify:
    """Checks after each pass that the model still computes the same. Failures are in the result: see `Verify.ok`."""
    with Workspace() as work:
        own = {"passes": passes, "each": each, "method": method, "reproducers": _text(reproducers)}
        answer = _ask(work, "verify", [model], inputs, own, options, accept=(0, 1, 4, 5))
        return Verify.from_json(answer.data, answer.stdout)


def run(
    model: Model,
    *,
    inputs: Inputs = None,
    passes: str | None = None,
    output: str | os.PathLike[str] | None = None,
    method: str | None = None,
    **options: Option,
) -> Run:
    """Calls a method. `output`: a file for the outputs, which torch.load reads."""
    with Workspace() as work:
        own = {"passes": passes, "method": method, "o": _text(output)}
        answer = _ask(work, "run", [model], inputs, own, options)
        return Run.from_json(answer.data, answer.stdout)


def bench(
    model: Model,
    passes: str | None = None,
    *,
    inputs: Inputs = None,
    each: bool = False,
    against: Model | None = None,
    method: str | None = None,
    **options: Option,
) -> Bench:
    """Measures how passes change the speed. `against`: another model to use as the baseline.

    Variants that fail or whose outputs differ are in the result: see `BenchVariant.state`.
    """
    with Workspace() as work:
        other = None if against is None else work.model(against)
        own = {"passes": passes, "each": each, "against": other, "method": method}
        answer = _ask(work, "bench", [model], inputs, own, options, accept=(0, 1, 4))
        return Bench.from_json(answer.data, answer.stdout)


def tune(
    model: Model,
    *,
    inputs: Inputs = None,
    max_time: float | None = None,
    goal: Literal["latency", "p99", "throughput", "first-call", "memory"] = "latency",
    output: str | os.PathLike[str] | None = None,
    recipe: str | os.PathLike[str] | None = None,
    method: str | None = None,
    **options: Option,
) -> Tune:
    """Searches for the fastest way to run a model. `max_time`: seconds for the whole search. `output`: a .pt file for
    the model after the best passes. `recipe`: a file for `tsir apply`."""
    with Workspace() as work:
        own = {"max-time": max_time, "goal": goal, "o": _text(output), "recipe": _text(recipe), "method": method}
        answer = _ask(work, "tune", [model], inputs, own, options)
        return Tune.from_json(answer.data, answer.stdout)


def diff(
    before: Model,
    after: Model | None = None,
    *,
    passes: str | None = None,
    other_passes: str | None = None,
    inputs: Inputs = None,
    method: str | None = None,
    **options: Option,
) -> Diff:
    """Compares two graphs by structure: of two models, or of one after `passes` and after `other_passes`."""
    with Workspace() as work:
        own = {"passes": passes, "other-passes": other_passes, "method": method}
        models = [before] if after is None else [before, after]
        answer = _ask(work, "diff", models, inputs, own, options, accept=(0, 1))
        return Diff.from_json(answer.data, answer.stdout)


def draw(
    model: Model,
    *,
    passes: str | None = None,
    inputs: Inputs = None,
    format: Literal["svg", "png", "pdf", "dot"] = "svg",
    method: str | None = None,
    **options: Option,
) -> Drawing:
    """Draws a graph. With `passes` and `before_after=True`: what the passes changed."""
    with Workspace() as work:
        file = work.path / f"drawing.{format}"
        own = {"passes": passes, "method": method, "o": str(file)}
        answer = call(["dot", *_arguments(work, [model], inputs, own, options)])
        notes = dict(
            line.removeprefix("tsir: ").split(": ", 1)
            for line in answer.stderr.splitlines()
            if line.startswith(("tsir: level of detail: ", "tsir: finer: "))
        )
        return Drawing(file.read_bytes(), format, notes.get("level of detail", ""), notes.get("finer", ""))


def report(
    model: Model,
    passes: str | None = None,
    *,
    inputs: Inputs = None,
    each: bool = False,
    method: str | None = None,
    **options: Option,
) -> Report:
    """Makes one HTML page that shows what each pass did; with inputs, also whether results stayed the same, and the
    effect on the run time."""
    with Workspace() as work:
        file = work.path / "report.html"
        own = {"passes": passes, "each": each, "method": method, "o": str(file)}
        call(["report", *_arguments(work, [model], inputs, own, options)])
        page = file.read_text(encoding="utf-8")
    data = page.partition('<script type="application/json" id="tsir-data">')[2].partition("</script>")[0]
    return Report(page, schema.Report.from_json(json.loads(data)))


def passes(name: str | None = None) -> list[schema.Pass]:
    """All passes and presets, or the one of that name."""
    with Workspace() as work:
        answer = call_for_json(["passes", *([] if name is None else [name])], work.path)
        return [schema.Pass.from_json(each) for each in answer.data]


def _ask(
    work: Workspace,
    subcommand: str,
    models: Sequence[Model],
    inputs: Inputs,
    own: Mapping[str, Option],
    options: Mapping[str, Option],
    accept: Sequence[int] = (0,),
) -> Answer:
    return call_for_json([subcommand, *_arguments(work, models, inputs, own, options)], work.path, accept=accept)


def _arguments(
    work: Workspace, models: Sequence[Model], inputs: Inputs, own: Mapping[str, Option], options: Mapping[str, Option]
) -> list[str]:
    # `from_` and the like: Python has words of its own.
    others = {name.rstrip("_").replace("_", "-"): value for name, value in options.items()}
    return [*map(work.model, models), *work.inputs(inputs), *flags(own), *flags(others)]


def _text(path: str | os.PathLike[str] | None) -> str | None:
    return None if path is None else os.fspath(path)
