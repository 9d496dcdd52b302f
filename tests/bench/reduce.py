#!/usr/bin/env python3
"""Measures how small `tsir reduce` makes real failures, and how long it takes. The graphs have a thousand nodes or
more, and passes of LibTorch give wrong results on them (docs/upstream_defects.md).

usage: tests/bench/reduce.py [TSIR]

Prints the Markdown table of docs/reduce_bisect.md. Fails if a result has twenty nodes or more.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import torch

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Layer(torch.nn.Module):
    """Attention over a cache that the layer writes to, and two linear layers."""

    def __init__(self, width, place):
        super().__init__()
        self.place = place
        self.norm = torch.nn.LayerNorm(width)
        self.query = torch.nn.Linear(width, width)
        self.key = torch.nn.Linear(width, width)
        self.out = torch.nn.Linear(width, width)
        self.up = torch.nn.Linear(width, 2 * width)
        self.down = torch.nn.Linear(2 * width, width)

    def forward(self, x: torch.Tensor, cache: torch.Tensor) -> torch.Tensor:
        h = self.norm(x)
        cache[:, self.place] += self.key(h)
        scores = torch.matmul(cache, self.query(h).unsqueeze(-1)).squeeze(-1) / 8.0
        seen = torch.matmul(torch.softmax(scores, dim=-1).unsqueeze(1), cache).squeeze(1)
        x = x + self.out(seen)
        return x + self.down(torch.nn.functional.gelu(self.up(h)))


class Decoder(torch.nn.Module):
    def __init__(self, layers=40, width=64, length=8):
        super().__init__()
        self.layers = torch.nn.ModuleList(Layer(width, i % length) for i in range(layers))
        self.width = width
        self.length = length

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        cache = torch.zeros(x.size(0), self.length, self.width)
        for layer in self.layers:
            x = layer(x, cache)
        return x


def layers(depth, width):
    pairs = [(torch.nn.Linear(width, width), torch.nn.Tanh()) for _ in range(depth)]
    return torch.nn.Sequential(*[layer for pair in pairs for layer in pair])


class Exchange(torch.nn.Module):
    """A deep net around a loop in which tensors change places, and one of them is written to."""

    def __init__(self, depth=150, width=16):
        super().__init__()
        self.before = layers(depth, width)
        self.after = layers(depth, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.before(x)
        first, second, third = torch.zeros(16), torch.zeros(16), torch.zeros(16)
        sums = []
        for i in range(x.size(0)):
            third.add_(x[i])
            sums.append(third.clone())
            first, second, third = third, first, second
        stacked = torch.stack(sums)
        return stacked + self.after(stacked)


CASES = [
    ("decoder, writes to views are lost", Decoder, "inline,remove-inplace-ops,dce", ["float32[2,64]"]),
    ("exchanged tensors become constants (#75794)", Exchange, "inline,constant-propagation,cse,dce", ["float32[5,16]"]),
]


def reduce(tsir, module, passes, inputs, folder):
    torch.manual_seed(0)
    path = pathlib.Path(folder) / "model.pt"
    torch.jit.script(module().eval()).save(str(path))
    words = [tsir, "reduce", str(path), "-o", str(pathlib.Path(folder) / "small.ir"), "-p", passes, "--json"]
    for text in inputs:
        words += ["--input", text]
    start = time.monotonic()
    done = subprocess.run(words, capture_output=True, text=True)
    seconds = time.monotonic() - start
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)}: {done.stderr}")
    return json.loads(done.stdout), seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tsir", nargs="?", default=str(ROOT / "build" / "release" / "bin" / "tsir"))
    arguments = parser.parse_args()
    print("| failure | passes | nodes | left | trials | seconds |")
    print("|---|---|---:|---:|---:|---:|")
    large = []
    for name, module, passes, inputs in CASES:
        with tempfile.TemporaryDirectory() as folder:
            report, seconds = reduce(arguments.tsir, module, passes, inputs, folder)
        before, left, trials = report["nodes_before"], report["nodes"], report["trials"]
        print(f"| {name} | `{passes}` | {before:,} | {left} | {trials} | {seconds:.0f} |", flush=True)
        if report["nodes"] >= 20:
            large.append(name)
    sys.exit(f"twenty nodes or more: {', '.join(large)}" if large else 0)


main()
