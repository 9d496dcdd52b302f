#!/usr/bin/env python3
"""Times sweeps over passes, and compares them with their floor and with another build of tsir. Prints Markdown tables.

    tests/bench/sweeps.py TSIR [--before TSIR] [--models FOLDER] [--swin FILE] [--rounds 1] [--only NAME,…]

`tsir verify --each` on each model: the floor is the time for opening the model and running it once before any pass, for
the passes alone, and for running once what each of them changed; tsir measures these parts in the same run. The
commands of both builds alternate, each with one thread. Then `bisect`, `reduce` and `bench --each`.

FOLDER is what testdata/make_models.py has made (default: build/models). --swin names a traced torchvision Swin-T:

    model = torchvision.models.swin_t().eval()
    torch.jit.trace(model, torch.rand(1, 3, 224, 224)).save("swin_t.pt")
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODELS = {"resnet18": ["--start", "freeze"], "bert": [], "silero_vad": [], "swin_t": []}


def timed(words, folder):
    """Runs a command and returns its wall time in seconds."""
    environment = dict(os.environ, OMP_NUM_THREADS="1")
    begun = time.perf_counter()
    done = subprocess.run([str(word) for word in words], cwd=folder, env=environment, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, errors="replace", check=False)
    seconds = time.perf_counter() - begun
    if done.returncode not in (0, 1, 4, 5):
        sys.exit(f"{' '.join(map(str, words))}\n{done.stderr}")
    return seconds


def alternate(commands, rounds, folder):
    """The median of each command's times, and of the ratios of the first command's time to the others', by round."""
    times = {name: [] for name in commands}
    for _ in range(rounds):
        for name, words in commands.items():
            times[name].append(timed(words, folder))
    first = next(iter(times))
    ratios = {name: statistics.median(a / b for a, b in zip(times[first], all_of)) for name, all_of in times.items()}
    return {name: statistics.median(all_of) for name, all_of in times.items()}, ratios


def words_for(model, inputs):
    words = [model]
    for text in inputs:
        words += ["--input", text]
    return words


def cost_of(path):
    return json.loads(pathlib.Path(path).read_text())["cost"]


def verify_row(name, options, arguments, given, folder):
    report = os.path.join(folder, "report.json")
    rest = ["verify", *given, "--each", "--threads", "1", "--reproducers", "", *options]
    commands = {}
    if arguments.before:
        commands["before"] = [arguments.before, *rest]
    commands["one"] = [arguments.tsir, *rest, "-j", "1", f"--json={report}.1"]
    commands["two"] = [arguments.tsir, *rest, "-j", "2", f"--json={report}.2"]
    times, ratios = alternate(commands, arguments.rounds, folder)
    cost = cost_of(f"{report}.1")
    before = f"{times['before']:.1f} s" if arguments.before else "–"
    faster = [f"{ratios[key]:.2f}" if arguments.before else "–" for key in ("one", "two")]
    text = " ".join([name, *options])
    print(f"| {text} | {before} | {times['one']:.1f} s | {faster[0]} | {cost['floor']:.1f} s | "
          f"{cost['whole'] / cost['floor']:.2f} | {times['two']:.1f} s | {faster[1]} |", flush=True)


def other_rows(arguments, folder):
    """(text, words) of the other commands."""
    models = arguments.models
    wrong = os.path.join(folder, "wrong.ir")
    chain = "\n".join(f"  %v{i + 1} : Tensor = aten::{'tanh' if i % 2 else 'relu'}(%v{i})" for i in range(200))
    pathlib.Path(wrong).write_text(f"graph(%v0 : Tensor):\n  %one : int = prim::Constant[value=1]()\n{chain}\n"
                                   "  %i : Tensor = aten::add_(%v0, %v200, %one)\n  return (%i)\n")
    resnet = words_for(models / "resnet18.pt", arguments.inputs["resnet18"])
    return {
        "bisect resnet18, 6 passes": ["bisect", *resnet, "--linear", "--threads", "1", "--reproducers", "", "-p",
                                      "inline,freeze,constant-propagation,cse,peephole,dce"],
        "reduce, a graph of 200 nodes": ["reduce", wrong, "-o", os.path.join(folder, "small.ir"), "-p",
                                         "remove-inplace-ops", "--input", "float32[4]", "--threads", "1"],
        "bench --each resnet18, --rounds 1": ["bench", *resnet, "--each", "--start", "freeze", "--threads", "1",
                                              "--rounds", "1", "--blocks", "3", "--max-time", "1"],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("tsir")
    parser.add_argument("--before")
    parser.add_argument("--models", type=pathlib.Path, default=ROOT / "build" / "models")
    parser.add_argument("--swin")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", help="names of models, or `others`")
    arguments = parser.parse_args()
    arguments.tsir = os.path.abspath(arguments.tsir)
    arguments.before = arguments.before and os.path.abspath(arguments.before)
    arguments.models = arguments.models.resolve()
    arguments.inputs = json.loads((arguments.models / "inputs.json").read_text())
    only = arguments.only.split(",") if arguments.only else [*MODELS, "others"]
    with tempfile.TemporaryDirectory() as folder:
        print("| verify --each | before | now | faster by | floor | now/floor | now, -j 2 | faster by |")
        print("|---|---|---|---|---|---|---|---|")
        for name, options in MODELS.items():
            if name == "swin_t" and not arguments.swin or name not in only:
                continue
            path = arguments.swin if name == "swin_t" else arguments.models / f"{name}.pt"
            inputs = ["float32[1,3,224,224]"] if name == "swin_t" else arguments.inputs[name]
            verify_row(name, options, arguments, words_for(os.path.abspath(path), inputs), folder)
        if "others" in only:
            print("\n| command | before | now | faster by |\n|---|---|---|---|")
            for text, words in other_rows(arguments, folder).items():
                commands = {"before": [arguments.before, *words]} if arguments.before else {}
                commands["now"] = [arguments.tsir, *words]
                times, ratios = alternate(commands, arguments.rounds, folder)
                before = f"{times['before']:.1f} s" if arguments.before else "–"
                print(f"| {text} | {before} | {times['now']:.1f} s | {ratios['now']:.2f} |", flush=True)


main()
