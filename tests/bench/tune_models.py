#!/usr/bin/env python3
"""What `tsir tune` chooses for models, beside an exhaustive search over the same candidates and what PyTorch offers.

usage: tests/bench/tune_models.py RESULTS [MODEL=FILE[,INPUT…] …] [--made FOLDER] [--max-time 300]
                                  [--exhaustive-time 60] [--final-time 120] [--threads 1] [--python PYTHON]
                                  [--compile MODEL=FILE.py:NAME …]

Without models: those of docs/tuning.md, from build/models and from FOLDER, where tests/bench/tune_models/models.py has
made the others.

For each model, in this order, each kept as a file in RESULTS, so that a run that was stopped goes on:

  1. `tsir tune --max-time S`: MODEL.tune.json, MODEL.recipe.json.
  2. Every candidate that tune found to give the right outputs, also those that it stopped early or did not time, in
     groups of six beside the module as loaded, --exhaustive-time for each group: MODEL.all-N.json.
  3. In the same blocks: the module as loaded, the choice, the best of the exhaustive search; from Python, the module as
     loaded, torch.jit.freeze, torch.jit.optimize_for_inference, and with --compile the module itself, eager and under
     torch.compile: MODEL.final.json. Each has a process of its own.

Prints a Markdown table. "confirmed" is the speed-up that tune itself reports, from fresh processes with fresh inputs.
The others are from the third step: speed-ups over the module as loaded by the same host, C++ or Python, with intervals
at 95 % from the rounds. "of the best" is the time of the choice divided by that of the best of the exhaustive search.

    tests/bench/tune_models.py /tmp/tuned lstm=build/models/lstm.pt,'int64[1,50]=randint(0,5000)'
"""
import argparse
import json
import math
import os
import pathlib
import shlex
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
RIVALS = ROOT / "tools" / "rivals"
MADE = ROOT / "build" / "models"
IN_GROUP = 6

# The models of docs/tuning.md: their inputs, for those that models.py makes.
MODELS = {
    "resnet18": None,
    "resnet50": None,
    "mobilenet_v3": ["float32[1,3,224,224]"],
    "bert": None,
    "gpt2": ["int64[1,64]=randint(0,50257)"],
    "chatbot": None,
    "silero_vad": None,
    "lstm": None,
    "yolo": ["float32[1,3,320,320]"],
    "policy": ["float32[1,48]"],
    "quantized": None,
    "control": None,
}
# Of these, the modules for eager and torch.compile.
MODULES = {name: ROOT / "testdata" / "make_models.py" for name in ("resnet18", "resnet50", "bert", "lstm")} | {
    name: ROOT / "tests" / "bench" / "tune_models" / "models.py" for name, inputs in MODELS.items() if inputs}
# Quantiles of Student's t distribution at 0.975, for 1 to 12 degrees of freedom.
T_95 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179]


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


def served(tsir, candidate):
    """The command by which tsir runs a module with a candidate's passes and settings."""
    words = [tsir, "serve", *(["-p", candidate["passes"]] if candidate["passes"] else [])]
    for name, value in candidate["settings"].items():
        flag = "--" + name.replace("_", "-")
        if value is True:
            words.append(flag)
        elif value:
            words += [flag, value]
    return "exec " + shlex.join(map(str, words))


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
        tuned = run(words, self.result("tune"))
        if not self.result("recipe").exists():  # the advice is to leave the module as it is
            tuned["best"] = None
        return tuned

    def bench(self, step, rivals, seconds):
        """Times rivals beside the module as loaded. Returns the contrasts to it by name."""
        words = [self.arguments.tsir, "bench", self.file, *self.inputs, "--threads", self.arguments.threads, "--executor",
                 "profiling", "--no-compare", "--max-time", seconds]
        for name, command in rivals.items():
            words += ["--rival", f"{name}={command}"]
        report = run(words, self.result(step))["tsir"]
        return {contrast["name"]: contrast for contrast in report["contrasts"] if contrast["reference"] == "baseline"}

    def served(self, candidate):
        return served(self.arguments.tsir, candidate)

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
        rivals = {"loaded": self.served(tuned["candidates"][0]), "python": f"{python} {RIVALS}/torchscript.py"}
        if tuned["best"]:
            rivals["choice"] = self.served(tuned["best"])
        rivals["best"] = self.served(best)
        rivals["freeze"] = f"{python} {RIVALS}/optimize_for_inference.py --freeze-only"
        rivals["optimize"] = f"{python} {RIVALS}/optimize_for_inference.py"
        module = self.arguments.modules.get(self.name)
        if module:
            rivals["eager"] = f"{python} {RIVALS}/eager.py --own-weights --module {module}"
            rivals["compile"] = f"{python} {RIVALS}/compile.py --own-weights --module {module}"
        return self.bench("final", rivals, self.arguments.final_time)


def models_of_the_docs(folder):
    inputs = json.loads((MADE / "inputs.json").read_text())
    for name, given in MODELS.items():
        file = (folder if given else MADE) / f"{name}.pt"
        if file.exists():
            yield ",".join([f"{name}={file}", *(given or inputs[name])])
        else:
            print(f"{name} is left out: there is no {file}", file=sys.stderr)


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


def with_interval(number, low, high):
    return f"{number:.2f} [{low:.2f}, {high:.2f}]"


def ratio(contrasts, slow, fast):
    """The time of `slow` divided by that of `fast`, from the rounds of both; empty if one of them was not timed."""
    if slow not in contrasts or fast not in contrasts:
        return ""
    pairs = zip(contrasts[slow]["round_ratios"], contrasts[fast]["round_ratios"])
    logs = [math.log(a / b) for a, b in pairs]
    middle = statistics.mean(logs)
    if len(logs) < 3:
        return f"{math.exp(middle):.2f}"
    half = T_95[min(len(logs) - 1, len(T_95)) - 1] * statistics.stdev(logs) / math.sqrt(len(logs))
    return with_interval(*(math.exp(middle + shift) for shift in (0, -half, half)))


def confirmed(best):
    return with_interval(1 / best["ratio"], 1 / best["high"], 1 / best["low"]) if best else ""


def named(candidate):
    return f"{'+'.join(candidate['parts']) or 'as loaded'}" + "".join(
        f", {name}" for name, value in candidate["settings"].items()
        if value and not (name, value) in (("executor", "profiling"), ("threads", 1)))


def row(model):
    tuned = model.tune()
    all_candidates = model.exhaustive(tuned)
    best = all_candidates[0][1]
    final = model.final(tuned, best)
    choice = "choice" if tuned["best"] else "loaded"
    cells = [model.name, named(tuned["best"] or tuned["candidates"][0]), confirmed(tuned["best"]),
             ratio(final, "loaded", choice), named(best), ratio(final, "loaded", "best"), ratio(final, choice, "best")]
    cells += [ratio(final, "python", name) for name in ("freeze", "optimize", "eager", "compile")]
    print("| " + " | ".join(cells) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=pathlib.Path)
    parser.add_argument("models", nargs="*", metavar="MODEL=FILE[,INPUT…]")
    parser.add_argument("--made", type=pathlib.Path, default=MADE, help="folder of what models.py made")
    parser.add_argument("--tsir", type=pathlib.Path, default=ROOT / "build" / "release" / "bin" / "tsir")
    parser.add_argument("--python", default=sys.executable, help="a Python with torch")
    parser.add_argument("--max-time", type=float, default=300)
    parser.add_argument("--exhaustive-time", type=float, default=60)
    parser.add_argument("--final-time", type=float, default=120)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--compile", action="append", default=[], metavar="MODEL=FILE.py:NAME")
    arguments = parser.parse_args()
    arguments.results.mkdir(parents=True, exist_ok=True)
    arguments.modules = {} if arguments.models else {name: f"{file}:{name}" for name, file in MODULES.items()}
    arguments.modules |= dict(text.split("=", 1) for text in arguments.compile)
    heads = ["model", "choice", "confirmed", "speed-up", "best of all", "speed-up", "of the best", "freeze",
             "optimize_for_inference", "eager", "torch.compile"]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for text in arguments.models or models_of_the_docs(arguments.made):
        row(Model(text, arguments))


if __name__ == "__main__":
    main()
