#!/usr/bin/env python3
"""Measures how the run time and memory of tsir's commands grow with the size of a graph or module, beside LibTorch's own
functions called from Python.

    tests/bench/growth.py                              # everything; takes about half an hour
    tests/bench/growth.py --only chain --most 100000   # one family, up to this size

Prints Markdown tables; $TSIR may name another program than that of build/release. Run it with the Python of tools/setup. Inputs are made in a temporary folder from --seed. The
runs of tsir and of LibTorch alternate. All seconds are processor time, which a busy machine changes least; tsir uses one
processor here. The time of LibTorch is taken inside of Python, around its functions, so that `import torch` is not a
part of it; the start of tsir, measured on the smallest input, is subtracted likewise. The exponent compares the times
without start of a size and the one before: 1 is linear.
"""

import argparse
import math
import multiprocessing
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHORTEST = 0.05  # seconds; the start varies by about as much, so that ratios of shorter times say nothing
TENSOR = "Float(4, strides=[1], requires_grad=0, device=cpu)"

# Each prints the seconds that LibTorch's functions take.
LIBTORCH = {
    "dump": "g = parse(first); print(g, file=sink)",
    "opt": "g = parse(first); torch._C._jit_pass_cse(g); torch._C._jit_pass_dce(g); print(g, file=sink)",
    "diff": "g = parse(first); h = parse(second)",
}
PRELUDE = """
import sys, time, torch
sink = open("/dev/null", "w")
if sys.argv[1].endswith(".pt"):
    parse = lambda path: torch.jit.load(path).inlined_graph
else:
    parse = lambda path: torch._C.parse_ir(open(path).read())
first, second = sys.argv[1], sys.argv[2]
start = time.process_time()
"""


# --- inputs


def chain(size, path, seed, changed=False):
    """add and relu in turn; one constant is the last argument of every add. `changed`: some operators differ."""
    dice = random.Random(seed)
    with open(path, "w") as out:
        out.write(f"graph(%x : {TENSOR}):\n  %c : int = prim::Constant[value=1]()\n")
        last = "x"
        for i in range(size):
            name = str(i + 2)
            other = changed and dice.random() < 0.001
            if i % 2 == 0:
                out.write(f"  %{name} : Tensor = aten::{'sub' if other else 'add'}(%{last}, %x, %c)\n")
            else:
                out.write(f"  %{name} : Tensor = aten::{'tanh' if other else 'relu'}(%{last})\n")
            last = name
        out.write(f"  return (%{last})\n")


def nested(depth, path, seed, changed=False):
    """prim::If within prim::If. Each level adds the input of the graph and the constant."""
    dice = random.Random(seed)
    lines = [f"graph(%x : {TENSOR}, %b : bool):", "  %c : int = prim::Constant[value=1]()"]
    ends = []
    for level in range(depth):
        pad = "  " * (2 * level + 1)
        lines.append(f"{pad}%o{level} : Tensor = prim::If(%b)")
        lines.append(f"{pad}  block0():")
        kind = "mul" if changed and dice.random() < 0.01 else "sub"
        inner = f"o{level + 1}" if level + 1 < depth else "x"
        ends.append((pad, level, kind, inner))
    text = "\n".join(lines) + "\n"
    for pad, level, kind, inner in reversed(ends):
        tail = ", %c" if kind == "sub" else ""
        text += f"{pad}    %a{level} : Tensor = aten::{kind}(%{inner}, %x{tail})\n{pad}    -> (%a{level})\n"
        text += f"{pad}  block1():\n{pad}    -> (%x)\n"
    pathlib.Path(path).write_text(text + "  return (%o0)\n")


def blocks(size, path, seed, changed=False):
    """`size` nodes in a row of small blocks: each prim::If has two, with one operator each."""
    dice = random.Random(seed)
    with open(path, "w") as out:
        out.write(f"graph(%x : {TENSOR}, %b : bool):\n  %c : int = prim::Constant[value=1]()\n")
        last = "x"
        for i in range(size // 3):
            other = "tanh" if changed and dice.random() < 0.001 else "relu"
            out.write(f"  %o{i} : Tensor = prim::If(%b)\n    block0():\n")
            out.write(f"      %p{i} : Tensor = aten::add(%{last}, %x, %c)\n      -> (%p{i})\n    block1():\n")
            out.write(f"      %q{i} : Tensor = aten::{other}(%{last})\n      -> (%q{i})\n")
            last = f"o{i}"
        out.write(f"  return (%{last})\n")


def wide(size, path, seed, changed=False):
    """A loop whose body has all the nodes."""
    dice = random.Random(seed)
    with open(path, "w") as out:
        out.write(f"graph(%x : {TENSOR}, %n : int):\n  %c : int = prim::Constant[value=1]()\n")
        out.write("  %t : bool = prim::Constant[value=1]()\n")
        out.write("  %y : Tensor = prim::Loop(%n, %t, %x)\n    block0(%i : int, %z : Tensor):\n")
        last = "z"
        for i in range(size):
            other = changed and dice.random() < 0.001
            if i % 2 == 0:
                out.write(f"      %w{i} : Tensor = aten::{'sub' if other else 'add'}(%{last}, %x, %c)\n")
            else:
                out.write(f"      %w{i} : Tensor = aten::{'tanh' if other else 'relu'}(%{last})\n")
            last = f"w{i}"
        out.write(f"      -> (%t, %{last})\n  return (%y)\n")


def long_list(size, path, seed, changed=False):
    """A list of `size` different values that one operator concatenates, in another order if `changed`."""
    dice = random.Random(seed)
    with open(path, "w") as out:
        out.write(f"graph(%x : {TENSOR}):\n  %d : int = prim::Constant[value=0]()\n")
        for i in range(size):
            out.write(f"  %v{i} : Tensor = aten::{dice.choice(['relu', 'tanh'])}(%x)\n")
        names = [f"%v{i}" for i in range(size)]
        if changed:
            names[0], names[-1] = names[-1], names[0]
        out.write(f"  %l : Tensor[] = prim::ListConstruct({', '.join(names)})\n")
        out.write("  %z : Tensor = aten::cat(%l, %d)\n  return (%z)\n")


def submodules(size, path, seed, changed=False):
    """`size` linear layers, of which the first two are called."""
    import torch

    torch.manual_seed(seed + changed)

    class Many(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = torch.nn.ModuleList(torch.nn.Linear(1, 1, bias=False) for _ in range(size))

        def forward(self, x):
            return self.layers[1](self.layers[0](x))

    torch.jit.script(Many()).save(str(path))


def attributes(size, path, seed, changed=False):
    """A module with `size` buffers of one element, of which the first two are read."""
    import torch

    dice = torch.Generator().manual_seed(seed + changed)

    class Many(torch.nn.Module):
        def __init__(self):
            super().__init__()
            for i, number in enumerate(torch.randn(size, generator=dice)):
                self.register_buffer(f"b{i}", number.reshape(1).clone())

        def forward(self, x):
            return x + self.b0 * self.b1

    torch.jit.script(Many()).save(str(path))


@dataclass
class Family:
    make: object
    sizes: list
    what: str
    suffix: str = ".ir"
    commands: tuple = ("dump", "opt", "diff", "dot")
    most: dict = field(default_factory=dict)  # the largest size for a command
    smallest: int = 10  # for the start of the commands


FAMILIES = {
    "chain": Family(
        chain,
        [10**3, 10**4, 10**5, 10**6],
        "nodes in one graph",
        commands=("dump", "opt", "diff", "dot", "verify"),
        most={"dot": 10**5, "verify": 10**5},
    ),
    "wide": Family(wide, [10**3, 10**4, 10**5], "nodes in the body of a loop"),
    "blocks": Family(blocks, [10**3, 10**4, 10**5], "nodes, two thirds of them in a block of their own"),
    "nested": Family(nested, [100, 300, 990], "levels of prim::If; the text grows with their square, because each level is indented"),
    "list": Family(long_list, [10**3, 10**4, 10**5], "inputs of a list"),
    "submodules": Family(submodules, [10**2, 10**3, 10**4], "submodules", suffix=".pt", smallest=2),
    "attributes": Family(attributes, [10**3, 10**4, 10**5], "attributes", suffix=".pt", smallest=2),
}


# --- measuring


def command_line(command, first, second, folder):
    tsir = os.environ.get("TSIR", ROOT / "build" / "release" / "bin" / "tsir")
    return {
        "dump": [tsir, "dump", first],
        "opt": [tsir, "opt", first, "-p", "cse,dce"],
        "diff": [tsir, "diff", first, second],
        "dot": [tsir, "dot", first, "--full", "-o", folder / "x.dot"],
        "verify": [tsir, "verify", first, "-p", "cse,dce"],
    }[command]


def timed(command, statuses=(0,)):
    """Runs a command. Returns its processor time in seconds, its peak memory in MiB, and what it printed."""
    with open(os.devnull, "w") as null:
        process = subprocess.Popen([str(part) for part in command], stdout=null, stderr=subprocess.PIPE, text=True)
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in statuses:
        sys.exit(f"{' '.join(map(str, command))} failed with {code}: {errors[-2000:]}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, errors


def of_tsir(command, first, second, folder):
    seconds, peak, _ = timed(command_line(command, first, second, folder), (0, 1) if command == "diff" else (0,))
    return seconds, peak


def of_libtorch(command, first, second):
    code = PRELUDE + LIBTORCH[command] + "\nprint(time.process_time() - start, file=sys.stderr)"
    _, peak, errors = timed([sys.executable, "-W", "ignore", "-c", code, first, second])
    return float(errors.strip().splitlines()[-1]), peak


def inputs_of(family, size, folder, seed):
    first, second = (folder / f"{side}{family.suffix}" for side in ("first", "second"))
    # In processes of their own: the memory of this one, with torch, would count as that of the programs it starts.
    for path, changed in ((first, False), (second, True)):
        maker = multiprocessing.Process(target=family.make, args=(size, path, seed, changed))
        maker.start()
        maker.join()
    return first, second


@dataclass
class Measured:
    seconds: float
    net: float  # without the start
    peak: float
    ratio: float = math.nan  # to LibTorch
    theirs: float = math.nan


def measure(command, files, folder, runs, start):
    ours, ratios, theirs = [], [], []
    for _ in range(runs):
        ours.append(of_tsir(command, *files, folder))
        if command in LIBTORCH:
            theirs.append(of_libtorch(command, *files)[0])
            ratios.append((ours[-1][0] - start) / theirs[-1])
    seconds = statistics.median(seconds for seconds, _ in ours)
    result = Measured(seconds, seconds - start, max(peak for _, peak in ours))
    if ratios:
        result.ratio, result.theirs = statistics.median(ratios), statistics.median(theirs)
    return result


def exponent(before, after, size_before, size):
    """Of the growth in time."""
    if before is None or before.net < SHORTEST or after.net < SHORTEST:
        return "-"
    return f"{math.log(after.net / before.net) / math.log(size / size_before):.2f}"


def table(name, family, arguments, folder):
    print(f"\n### {name}: {family.what}\n")
    print("| command | size | seconds | without start | LibTorch | ratio | peak MiB | exponent |")
    print("|---|---|---|---|---|---|---|---|")
    tiny = inputs_of(family, family.smallest, folder, arguments.seed)
    for command in arguments.commands or family.commands:
        if command not in family.commands:
            continue
        starts = [of_tsir(command, *tiny, folder)[0] for _ in range(3)]
        start, before, size_before = statistics.median(starts), None, None
        for size in family.sizes:
            if size > min(family.most.get(command, size), arguments.most):
                continue
            big = pathlib.Path(folder, str(size))
            if not big.exists():
                big.mkdir()
                inputs_of(family, size, big, arguments.seed)
            files = [big / f"{side}{family.suffix}" for side in ("first", "second")]
            result = measure(command, files, folder, arguments.runs if size < 10**6 else 1, start)
            beside = f"{result.theirs:.3f}" if command in LIBTORCH else "-"
            says = command in LIBTORCH and min(result.net, result.theirs) >= SHORTEST
            beside += f" | {result.ratio:.2f}" if says else " | -"
            print(f"| {command} | {size} | {result.seconds:.3f} | {result.net:.3f} | {beside} | {result.peak:.0f} | "
                  f"{exponent(before, result, size_before, size)} |", flush=True)
            before, size_before = result, size


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--only", choices=FAMILIES, action="append", help="families of inputs")
    parser.add_argument("--commands", nargs="+", help="dump, opt, diff, dot, verify")
    parser.add_argument("--most", type=int, default=10**6, help="the largest size")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    for name in arguments.only or FAMILIES:
        with tempfile.TemporaryDirectory() as folder:
            table(name, FAMILIES[name], arguments, pathlib.Path(folder))


if __name__ == "__main__":
    main()
