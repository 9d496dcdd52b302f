#!/usr/bin/env python3
"""Saves every model after every pass, and runs every pass twice; fails on any offence that is not in
tests/known_differences.json.

usage: tests/save_sweep.py TSIR MODELS_FOLDER [--checks save,twice,pipelines,preserved,python] [--models a,b]
                           [--starts ',inline,python-freeze'] [--python COUNT] [--processes N]

save: `tsir opt -o FILE.pt` writes a file that loads and gives the same outputs (tsir loads it back itself), or refuses in
one line and leaves no file. A pass whose row says savable must be written.
twice: a pass whose row says idempotent changes nothing when it runs again.
pipelines: the same as save, for a few whole pipelines. preserved: methods named by preserved-attrs are in the file.
python: torch.jit.load runs a sample of saved files, bit for bit as tsir does (needs torch in this Python).
Passes that do nothing to a model are left out: `tsir verify --each` says which ones those are.
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

ROOT = pathlib.Path(__file__).resolve().parent.parent
KNOWN = json.loads((ROOT / "tests" / "known_differences.json").read_text())
SECONDS = 1800  # what fuses a ResNet-50 that is not frozen takes LibTorch minutes
QUANTIZATION = "fold-conv-batch-norm,insert-observers,insert-quant-de-quant,finalize"
PIPELINES = {
    "python-freeze": "*",
    "inline,cse,dce": "*",
    "freeze,constant-propagation,peephole,dce": "*",
    QUANTIZATION: "conv_bn_relu,resnet18",
}
PRESERVED = {  # model: names that a frozen file must still have
    "methods": [["encode"], ["encode", "decode", "predict", "update"], ["update", "mean"]],
    "buffers": [["calls"]],
}


class Sweep:
    def __init__(self, arguments):
        self.tsir = arguments.tsir
        self.folder = arguments.folder
        self.table = json.loads(pathlib.Path(arguments.folder, "inputs.json").read_text())
        self.table.pop("big", None)  # too large to run everything on
        rows = json.loads(self.run(["passes", "--json"]).stdout)
        self.rows = {row["name"]: row for row in rows if "savable" in row and row["kind"] != "analysis"}

    def run(self, words, folder=None):
        return subprocess.run([self.tsir, *words], capture_output=True, text=True, errors="replace", cwd=folder,
                              timeout=SECONDS)

    def path(self, model):
        return os.path.join(self.folder, model + ".pt")

    def inputs(self, model):
        return [word for text in self.table[model] for word in ("--input", text)]

    def at_work(self, model, start):
        """Names of the passes that do something to the model."""
        words = ["verify", self.path(model), "--each", "--json", "--reproducers", "", "--sets", "1", "--calls", "1"]
        with tempfile.TemporaryDirectory() as folder:  # one model writes a file into the current folder
            done = self.run(words + (["--start", start] if start else []) + self.inputs(model), folder)
        if not done.stdout.startswith("{"):
            raise RuntimeError(f"{model}: {last_line(done.stderr)}")
        idle = {"unchanged", "refused", "failed", "crashed", "timed out"}  # those that fail are verify_sweep.py's
        return [verdict["pass"] for verdict in json.loads(done.stdout)["passes"] if verdict["verdict"] not in idle]

    def save(self, model, passes, keep=None):
        """Writes the model after these passes. The offence, or nothing, and whether a file was written."""
        with tempfile.TemporaryDirectory() as current, tempfile.TemporaryDirectory() as out:
            path = os.path.join(out, "out.pt")
            done = self.run(["opt", self.path(model), "-q", "-p", passes, "-o", path, *self.inputs(model)], current)
            left = os.listdir(out)
            if done.returncode == 0:
                if keep and left == ["out.pt"]:
                    os.replace(path, keep)
                return ("" if left == ["out.pt"] else f"exit 0, and the folder has {left}"), True
        if done.returncode == 2 and "a bare graph has no module to save" in done.stderr:
            return "", last_line(done.stderr)  # a pass that leaves a graph and no module
        if done.returncode not in (1, 4):
            return f"exit {done.returncode}: {last_line(done.stderr)}", False
        if left:
            return f"exit {done.returncode}, and {left} left behind", False
        if len([line for line in done.stderr.splitlines() if line.startswith("tsir: error: ")]) != 1:
            return f"no single line says why: {last_line(done.stderr)}", False
        return "", last_line(done.stderr)

    def saved(self, model, name, passes):
        offence, written = self.save(model, passes)
        if not offence and written is not True and self.rows[name]["savable"]:
            return f"its row says savable: {written}"
        return offence

    def twice(self, model, name, start):
        passes = ",".join(filter(None, [start, name, name]))
        with tempfile.TemporaryDirectory() as current:
            done = self.run(["opt", self.path(model), "-q", "-p", passes, "--json", "--no-graph", *self.inputs(model)],
                            current)
        if done.returncode == 4 and "a bare graph has no module" in done.stderr:
            return ""  # the first run left no module for the second
        if done.returncode != 0:
            return f"run twice: {last_line(done.stderr)}"
        again = json.loads(done.stdout)["ran"][-1]
        return f"changes more when run again: {again['operators']}" if again["changed"] else ""

    def pipeline(self, model, passes):
        offence, written = self.save(model, passes)
        return offence or ("" if written is True else written)

    def preserved(self, model, names):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "kept.pt")
            offence, written = self.save(model, "freeze{preserved-attrs=" + ";".join(names) + "}", path)
            if offence or written is not True:
                return offence or written
            module = json.loads(self.run(["dump", path, "--json"]).stdout)["module"]
            with zipfile.ZipFile(path) as archive:
                code = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".py"))
        has = {method["name"] for method in module["methods"]} | set(re.findall(r"^  (\w+) : ", code, re.M))
        missing = set(names) - has
        return f"preserved-attrs: {sorted(missing)} are not in the saved file" if missing else ""

    def python(self, model, passes):
        import torch
        with tempfile.TemporaryDirectory() as folder:
            given, saved, outputs = (os.path.join(folder, name) for name in ("given.pt", "saved.pt", "outputs.pt"))
            offence, written = self.save(model, passes, saved)
            if offence or written is not True:
                return offence
            torch.manual_seed(0)
            inputs = tuple(tensor_of(text) for text in self.table[model])
            torch.save(inputs, given)
            done = self.run(["run", saved, "--inputs", given, "-o", outputs], folder)
            if done.returncode != 0:
                return f"tsir run on the saved file: {last_line(done.stderr)}"
            with torch.no_grad():
                expected = torch.jit.load(saved)(*inputs)
            return "" if same(torch.load(outputs), expected) else "Python's outputs of the saved file differ from tsir's"


def last_line(text):
    return (text.strip().splitlines() or ["nothing on standard error"])[-1]


def tensor_of(text):
    """An input of inputs.json as Python's value; only tensors and plain values, no containers."""
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
    """(model, pass or pipeline, check, what finds the offence) of everything that there is to do."""
    models = [name for name in arguments.models or sorted(sweep.table) if os.path.exists(sweep.path(name))]
    models = [name for name in models if name in sweep.table]  # silero_vad may be missing
    pairs = []
    if {"save", "twice", "python"} & set(arguments.checks):
        starts = [(model, start) for model in models for start in arguments.starts]
        for (model, start), names in zip(starts, pool.map(lambda pair: at_work(sweep, *pair), starts)):
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


def at_work(sweep, model, start):
    try:
        return sweep.at_work(model, start)
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        print(f"left out, its start does not run: {model} after '{start}': {error}", file=sys.stderr)
        return []


def known(model, passes, offence):
    name = passes.split(",")[-1]
    return any(entry["pass"] == name and fnmatch.fnmatch(model + ".pt", entry["file"]) and entry["message"] in offence
               for entry in KNOWN if entry["verdict"] in ("unsaved", "not idempotent"))


def examine(job):
    model, passes, check, find = job
    try:
        return find()
    except subprocess.TimeoutExpired:
        return f"still ran after {SECONDS} s"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("tsir")
    parser.add_argument("folder")
    parser.add_argument("--checks", type=lambda text: text.split(","),
                        default=["save", "twice", "pipelines", "preserved"])
    parser.add_argument("--models", type=lambda text: text.split(","))
    parser.add_argument("--starts", type=lambda text: text.split(","), default=["", "inline", "python-freeze"],
                        help="passes that make the start of every model, separated by commas; nothing: as loaded")
    parser.add_argument("--python", type=int, default=10, help="how many saved files Python runs")
    parser.add_argument("--seed", type=int, default=0, help="of the sample that Python runs")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--verbose", action="store_true", help="print every job")
    arguments = parser.parse_args()
    found = [arguments.tsir] if os.sep in arguments.tsir else []
    arguments.tsir = os.path.abspath(found[0]) if found else arguments.tsir
    arguments.folder = os.path.abspath(arguments.folder)

    offences, recognised, count = 0, 0, 0
    with concurrent.futures.ThreadPoolExecutor(arguments.processes) as pool:
        sweep = Sweep(arguments)
        work = list(jobs(sweep, arguments, pool))
        for (model, passes, check, _), offence in zip(work, pool.map(examine, work)):
            count += 1
            if offence and known(model, passes, offence):
                recognised += 1
            elif offence:
                offences += 1
                print(f"{model}: {passes}: {check}: {offence}", flush=True)
            elif arguments.verbose:
                print(f"{model}: {passes}: {check}: fine", flush=True)
    print(f"{count} checks, {recognised} known, {offences} offences")
    return 1 if offences or not count else 0


sys.exit(main())
