#!/usr/bin/env python3
"""Saves every model after every pass, and runs every pass twice. Fails on any failure that is not in
tests/known_differences.json.

usage: tests/save_sweep.py TSIR MODELS_FOLDER [--checks save,twice,pipelines,preserved,python] [--models a,b]
                           [--starts ',inline,python-freeze'] [--python COUNT] [--processes N]

save: `tsir opt -o FILE.pt` writes a file that loads and gives the same outputs (tsir loads it itself), or fails with
one line and leaves no file. If the pass is declared savable, the file must be written.
twice: a pass that is declared idempotent does not change anything when it runs again.
pipelines: like save, for a few whole pipelines. preserved: the methods named by preserved-attrs are in the file.
python: torch.jit.load runs a sample of the saved files, with the same bits as tsir (needs torch in this Python).
Passes that do not change a model are skipped.
"""
import argparse
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import zipfile

from tool import Tool

ROOT = pathlib.Path(__file__).resolve().parent.parent
KNOWN = json.loads((ROOT / "tests" / "known_differences.json").read_text())
SECONDS = 1800  # fusing a ResNet-50 that is not frozen takes LibTorch minutes
QUANTIZATION = "fold-conv-batch-norm,insert-observers,insert-quant-de-quant,finalize"
PIPELINES = {
    "python-freeze": "*",
    "inline,cse,dce": "*",
    "freeze,constant-propagation,peephole,dce": "*",
    QUANTIZATION: "conv_bn_relu,resnet18",
}
PRESERVED = {  # model: names that the frozen file must still have
    "methods": [["encode"], ["encode", "decode", "predict", "update"], ["update", "mean"]],
    "buffers": [["calls"]],
}


class Sweep:
    def __init__(self, arguments):
        self.tsir = Tool(arguments.tsir)
        self.folder = arguments.folder
        self.table = json.loads(pathlib.Path(arguments.folder, "inputs.json").read_text())
        self.table.pop("big", None)  # too large for a sweep
        rows = json.loads(self.run(["passes", "--json"]).stdout)
        self.rows = {row["name"]: row for row in rows if "savable" in row and row["kind"] != "analysis"}

    def run(self, words, folder=None):
        return self.tsir.run(words, folder, SECONDS)

    def path(self, model):
        return os.path.join(self.folder, model + ".pt")

    def inputs(self, model):
        return [word for text in self.table[model] for word in ("--input", text)]

    def active_passes(self, model, start):
        """Returns the names of the passes that change the model."""
        words = ["verify", self.path(model), "--each", "--json", "--reproducers", "", "--sets", "1", "--calls", "1"]
        with tempfile.TemporaryDirectory() as folder:  # one model writes a file into the current folder
            done = self.run(words + (["--start", start] if start else []) + self.inputs(model), folder)
        if not done.stdout.startswith("{"):
            raise RuntimeError(f"{model}: {last_line(done.stderr)}")
        idle = {"unchanged", "refused", "failed", "crashed", "timed out"}  # verify_sweep.py tests the failing ones
        return [verdict["pass"] for verdict in json.loads(done.stdout)["passes"] if verdict["verdict"] not in idle]

    def save(self, model, passes, keep=None):
        """Writes the model after these passes. Returns the failure or "", and True if a file was written, else the message."""
        with tempfile.TemporaryDirectory() as current, tempfile.TemporaryDirectory() as out:
            path = os.path.join(out, "out.pt")
            # Some passes change results on purpose: autocast, quantisation.
            done = self.run(["opt", self.path(model), "-q", "-p", passes, "-o", path, "--allow-different",
                             *self.inputs(model)], current)
            left = os.listdir(out)
            if done.returncode == 0:
                if keep and left == ["out.pt"]:
                    os.replace(path, keep)
                return ("" if left == ["out.pt"] else f"exit code 0, but the folder contains {left}"), True
        if done.returncode == 2 and "a bare graph has no module to save" in done.stderr:
            return "", last_line(done.stderr)  # the pass leaves a graph without a module
        if done.returncode not in (1, 4):
            return f"exit code {done.returncode}: {last_line(done.stderr)}", False
        if left:
            return f"exit code {done.returncode}, but left {left}", False
        if len([line for line in done.stderr.splitlines() if line.startswith("tsir: error: ")]) != 1:
            return f"not exactly one error line: {last_line(done.stderr)}", False
        return "", last_line(done.stderr)

    def saved(self, model, name, passes):
        failure, written = self.save(model, passes)
        if not failure and written is not True and self.rows[name]["savable"]:
            return f"declared savable, but not written: {written}"
        return failure

    def twice(self, model, name, start):
        passes = ",".join(filter(None, [start, name, name]))
        with tempfile.TemporaryDirectory() as current:
            done = self.run(["opt", self.path(model), "-q", "-p", passes, "--json", "--no-graph", *self.inputs(model)],
                            current)
        if done.returncode == 4 and "a bare graph has no module" in done.stderr:
            return ""  # the first run left no module for the second
        if done.returncode != 0:
            return f"failed when run twice: {last_line(done.stderr)}"
        again = json.loads(done.stdout)["ran"][-1]
        return f"changes the graph again when run twice: {again['operators']}" if again["changed"] else ""

    def pipeline(self, model, passes):
        failure, written = self.save(model, passes)
        return failure or ("" if written is True else written)

    def preserved(self, model, names):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "kept.pt")
            failure, written = self.save(model, "freeze{preserved-attrs=" + ";".join(names) + "}", path)
            if failure or written is not True:
                return failure or written
            module = json.loads(self.run(["dump", path, "--json"]).stdout)["module"]
            with zipfile.ZipFile(path) as archive:
                code = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".py"))
        has = {method["name"] for method in module["methods"]} | set(re.findall(r"^  (\w+) : ", code, re.M))
        missing = set(names) - has
        return f"preserved-attrs: {sorted(missing)} missing in the saved file" if missing else ""

    def python(self, model, passes):
        import torch
        with tempfile.TemporaryDirectory() as folder:
            given, saved, outputs = (os.path.join(folder, name) for name in ("given.pt", "saved.pt", "outputs.pt"))
            failure, written = self.save(model, passes, saved)
            if failure or written is not True:
                return failure
            torch.manual_seed(0)
            inputs = tuple(tensor_of(text) for text in self.table[model])
            torch.save(inputs, given)
            done = self.run(["run", saved, "--inputs", given, "-o", outputs], folder)
            if done.returncode != 0:
                return f"tsir run on the saved file: {last_line(done.stderr)}"
            with torch.no_grad():
                expected = torch.jit.load(saved)(*inputs)
            return "" if same(torch.load(outputs), expected) else "the saved file gives other outputs in Python than in tsir"


def last_line(text):
    return (text.strip().splitlines() or ["nothing on standard error"])[-1]


def tensor_of(text):
    """Returns an input of inputs.json as a Python value. Only tensors and scalars, no containers."""
    import torch
    match = re.fullmatch(r"(\w+)\[([\d,]*)\](?:=(\w+)\(([\d,]*)\))?", text)
    if not match:
        return {"None": None, "true": True, "false": False}.get(text) if not re.match(r"\d", text) else int(text)
    dtype, shape = getattr(torch, match[1]), [int(size) for size in match[2].split(",") if size]
    numbers = [int(number) for number in (match[4] or "").split(",") if number]
    if match[3] == "randint":
        return torch.randint(*numbers, shape, dtype=dtype)
    return torch.full(shape, numbers[0], dtype=dtype) if match[3] == "full" else torch.randn(shape).to(dtype)


def same(a, b):
    import torch
    if isinstance(a, torch.Tensor):
        return (isinstance(b, torch.Tensor) and a.dtype == b.dtype and a.shape == b.shape
                and bool(((a == b) | ((a != a) & (b != b))).all()))
    if isinstance(a, (list, tuple)):
        return isinstance(b, (list, tuple)) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return a == b


def jobs(sweep, arguments, pool):
    """Yields (model, passes, check, function that returns the failure) for each check."""
    models = [name for name in arguments.models or sorted(sweep.table) if os.path.exists(sweep.path(name))]
    models = [name for name in models if name in sweep.table]  # silero_vad may be missing
    pairs = []
    if {"save", "twice", "python"} & set(arguments.checks):
        starts = [(model, start) for model in models for start in arguments.starts]
        for (model, start), names in zip(starts, pool.map(lambda pair: active_passes(sweep, *pair), starts)):
            pairs += [(model, start, name) for name in names if name in sweep.rows]
    for model, start, name in pairs:
        passes = ",".join(filter(None, [start, name]))
        if "save" in arguments.checks:
            yield model, passes, "save", lambda m=model, n=name, p=passes: sweep.saved(m, n, p)
        if "twice" in arguments.checks and sweep.rows[name]["idempotent"]:
            yield model, passes, "twice", lambda m=model, n=name, s=start: sweep.twice(m, n, s)
    if "python" in arguments.checks:
        plain = [(m, s, n) for m, s, n in pairs if sweep.rows[n]["savable"] and sweep.rows[n]["executable"]
                 and not any("[" == text[0] or text[0] in '{("' or "." in text for text in sweep.table[m])]
        for model, start, name in random.Random(arguments.seed).sample(plain, min(arguments.python, len(plain))):
            passes = ",".join(filter(None, [start, name]))
            yield model, passes, "python", lambda m=model, p=passes: sweep.python(m, p)
    for model in models:
        if "pipelines" in arguments.checks:
            for passes, wanted in PIPELINES.items():
                if wanted == "*" or model in wanted.split(","):
                    yield model, passes, "pipelines", lambda m=model, p=passes: sweep.pipeline(m, p)
        if "preserved" in arguments.checks:
            for names in PRESERVED.get(model, []):
                yield model, "freeze", "preserved", lambda m=model, n=names: sweep.preserved(m, n)


def active_passes(sweep, model, start):
    try:
        return sweep.active_passes(model, start)
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        print(f"skipped {model} after '{start}', which does not run: {error}", file=sys.stderr)
        return []


def known(model, passes, failure):
    name = passes.split(",")[-1]
    return any(entry["pass"] == name and fnmatch.fnmatch(model + ".pt", entry["file"]) and entry["message"] in failure
               for entry in KNOWN if entry["verdict"] in ("unsaved", "not idempotent"))


def examine(job):
    model, passes, check, find = job
    try:
        return find()
    except subprocess.TimeoutExpired:
        return f"still running after {SECONDS} s"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("tsir")
    parser.add_argument("folder")
    parser.add_argument("--checks", type=lambda text: text.split(","),
                        default=["save", "twice", "pipelines", "preserved"])
    parser.add_argument("--models", type=lambda text: text.split(","))
    parser.add_argument("--starts", type=lambda text: text.split(","), default=["", "inline", "python-freeze"],
                        help="passes to run on every model first, separated by commas; empty: as loaded")
    parser.add_argument("--python", type=int, default=10, help="number of saved files that Python runs")
    parser.add_argument("--seed", type=int, default=0, help="seed of the sample that Python runs")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--verbose", action="store_true", help="print every job")
    arguments = parser.parse_args()
    arguments.folder = os.path.abspath(arguments.folder)

    failures, recognised, count = 0, 0, 0
    with concurrent.futures.ThreadPoolExecutor(arguments.processes) as pool:
        sweep = Sweep(arguments)
        work = list(jobs(sweep, arguments, pool))
        for (model, passes, check, _), failure in zip(work, pool.map(examine, work)):
            count += 1
            if failure and known(model, passes, failure):
                recognised += 1
            elif failure:
                failures += 1
                print(f"{model}: {passes}: {check}: {failure}", flush=True)
            elif arguments.verbose:
                print(f"{model}: {passes}: {check}: passed", flush=True)
    print(f"{count} checks, {recognised} known, {failures} failures")
    return 1 if failures or not count else 0


sys.exit(main())
