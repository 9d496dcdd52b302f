#!/usr/bin/env python3
"""What `tsir tune` chooses for models, beside an exhaustive search over the same candidates and what PyTorch offers.

usage: tests/bench/tune_models.py RESULTS MODEL=FILE[,INPUT…] … [--max-time 300] [--exhaustive-time 60] [--final-time 120]
                                  [--threads 1] [--python PYTHON] [--compile MODEL=FILE.py:NAME …]

For each model, in this order, each kept as a file in RESULTS, so that a run that was stopped goes on:

  1. `tsir tune --max-time S`: MODEL.tune.json, MODEL.recipe.json.
  2. Every candidate that tune found to give the right outputs, also those that it stopped early or did not time, in
     groups of six beside the module as loaded, --exhaustive-time for each group: MODEL.all-N.json.
  3. In the same blocks: the module as loaded, the choice, the best of the exhaustive search, torch.jit.freeze,
     torch.jit.optimize_for_inference, and with --compile the module itself, eager and under torch.compile:
     MODEL.final.json.

Prints a Markdown table of the third step: times as speed-ups over the module as loaded, with their intervals. "of the
best" is the time of the choice divided by that of the best of the exhaustive search.

    tests/bench/tune_models.py /tmp/tuned lstm=build/models/lstm.pt,'float32[20,4,16]'
"""
import argparse
import json
import os
import pathlib
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
RIVALS = ROOT / "tools" / "rivals"
IN_GROUP = 6


def run(words, file):
    """Runs a command that writes `file`, unless it is there. Returns its JSON."""
    if not file.exists():
        made = file.with_suffix(".part")
        done = subprocess.run([*map(str, words), f"--json={made}"], capture_output=True, text=True,
                              env=os.environ | {"NO_COLOR": "1"})
        if done.returncode != 0:
            sys.exit(f"{shlex.join(map(str, words))}\n{done.stderr}")
        made.rename(file)
    return json.loads(file.read_text())


class Model:
    def __init__(self, text, arguments):
        self.name, _, rest = text.partition("=")
        self.file, *inputs = split_inputs(rest)
        self.inputs = [word for text in inputs for word in ("--input", text)]
        self.arguments = arguments

    def result(self, step):
        return self.arguments.results / f"{self.name}.{step}.json"

    def tune(self):
        words = [self.arguments.tsir, "tune", self.file, *self.inputs, "--threads", self.arguments.threads, "--max-time",
                 self.arguments.max_time, "--recipe", self.result("recipe")]
        return run(words, self.result("tune"))

    def bench(self, step, rivals, seconds):
        """Times rivals beside the module as loaded. Returns the contrasts to it by name."""
        words = [self.arguments.tsir, "bench", self.file, *self.inputs, "--threads", self.arguments.threads, "--executor",
                 "profiling", "--no-compare", "--max-time", seconds]
        for name, command in rivals.items():
            words += ["--rival", f"{name}={command}"]
        report = run(words, self.result(step))["tsir"]
        return {contrast["name"]: contrast for contrast in report["contrasts"] if contrast["reference"] == "baseline"}

    def served(self, candidate):
        """The command that serves a candidate."""
        words = [self.arguments.tsir, "serve", *(["-p", candidate["passes"]] if candidate["passes"] else [])]
        for name, value in candidate["settings"].items():
            flag = "--" + name.replace("_", "-")
            if value is True:
                words.append(flag)
            elif value:
                words += [flag, value]
        return "exec " + shlex.join(map(str, words))

    def exhaustive(self, tuned):
        """The time of each candidate divided by that of the module as loaded, the least first."""
        good = [candidate for candidate in tuned["candidates"][1:] if candidate["state"] == "GOOD"]
        ratios = []
        for first in range(0, len(good), IN_GROUP):
            group = good[first:first + IN_GROUP]
            rivals = {f"c{first + i}": self.served(candidate) for i, candidate in enumerate(group)}
            contrasts = self.bench(f"all-{first}", rivals, self.arguments.exhaustive_time)
            ratios += [(contrasts[f"c{first + i}"]["ratio"], first + i) for i in range(len(group))
                       if f"c{first + i}" in contrasts]
        return [(ratio, good[index]) for ratio, index in sorted(ratios)]

    def final(self, tuned, best):
        python = self.arguments.python
        rivals = {}
        if tuned["best"]:
            rivals["choice"] = self.served(tuned["best"])
        rivals["best"] = self.served(best)
        rivals["freeze"] = f"{python} {RIVALS}/optimize_for_inference.py --freeze-only"
        rivals["optimize"] = f"{python} {RIVALS}/optimize_for_inference.py"
        module = dict(text.split("=", 1) for text in self.arguments.compile).get(self.name)
        if module:
            rivals["eager"] = f"{python} {RIVALS}/eager.py --module {module}"
            rivals["compile"] = f"{python} {RIVALS}/compile.py --module {module}"
        return self.bench("final", rivals, self.arguments.final_time)


def split_inputs(text):
    """At commas that are not within brackets."""
    parts, depth = [""], 0
    for character in text:
        depth += (character in "[(") - (character in "])")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def speedup(contrast):
    if contrast is None:
        return ""
    interval = ""
    if contrast.get("low") and contrast.get("high"):  # not after too few blocks
        interval = f" [{1 / contrast['high']:.2f}, {1 / contrast['low']:.2f}]"
    return f"{1 / contrast['ratio']:.2f}{interval}"


def named(candidate):
    return f"{'+'.join(candidate['parts']) or 'as loaded'}" + "".join(
        f", {name}" for name, value in candidate["settings"].items()
        if value and not (name, value) in (("executor", "profiling"), ("threads", 1)))


def row(model):
    tuned = model.tune()
    all_candidates = model.exhaustive(tuned)
    best = all_candidates[0][1]
    final = model.final(tuned, best)
    choice = final.get("choice")
    of_best = "" if choice is None else f"{choice['ratio'] / final['best']['ratio']:.3f}"
    chosen = named(tuned["best"]) if tuned["best"] else "as loaded"
    cells = [model.name, chosen, speedup(choice), named(best), speedup(final["best"]), of_best]
    cells += [speedup(final.get(name)) for name in ("freeze", "optimize", "eager", "compile")]
    print("| " + " | ".join(cells) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=pathlib.Path)
    parser.add_argument("models", nargs="+", metavar="MODEL=FILE[,INPUT…]")
    parser.add_argument("--tsir", type=pathlib.Path, default=ROOT / "build" / "release" / "bin" / "tsir")
    parser.add_argument("--python", default=sys.executable, help="a Python with torch")
    parser.add_argument("--max-time", type=float, default=300)
    parser.add_argument("--exhaustive-time", type=float, default=60)
    parser.add_argument("--final-time", type=float, default=120)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--compile", action="append", default=[], metavar="MODEL=FILE.py:NAME")
    arguments = parser.parse_args()
    arguments.results.mkdir(parents=True, exist_ok=True)
    print("| model | choice | speed-up | best of all | speed-up | of the best | freeze | optimize_for_inference | eager | "
          "torch.compile |\n|---|---|---|---|---|---|---|---|---|---|")
    for text in arguments.models:
        row(Model(text, arguments))


if __name__ == "__main__":
    main()
