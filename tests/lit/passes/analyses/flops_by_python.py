"""The operations that torch.utils.flop_counter counts in models on inputs from tsir's own words, beside tsir's.

    flops_by_python.py TSIR MODEL.pt=INPUT…    prints "MODEL.pt: same NUMBER", or both numbers and fails
"""

import json
import pathlib
import subprocess
import sys

import torch
from torch.utils.flop_counter import FlopCounterMode


def counted_by_python(model, text):
    dtype, _, rest = text.partition("[")
    shape = [int(size) for size in rest.partition("]")[0].split(",")]
    value = torch.zeros(shape, dtype=getattr(torch, dtype))
    # The profiling executor would fuse operators away from the counter: run the graph as it stands.
    module = torch.jit.load(model).eval()
    with torch.no_grad(), torch.jit.optimized_execution(False), FlopCounterMode(display=False) as counter:
        module(value)
    return counter.get_total_flops()


def counted_by_tsir(tsir, model, text):
    report = subprocess.run([tsir, "opt", model, "--passes", "print-cost", "--no-graph", "--input", text, "--json"],
                            capture_output=True, text=True, check=True)
    return json.loads(report.stdout)["ran"][0]["report"]["product_flops"]


failed = False
for pair in sys.argv[2:]:
    model, _, text = pair.partition("=")
    theirs, ours = counted_by_python(model, text), counted_by_tsir(sys.argv[1], model, text)
    failed |= ours != theirs
    print(f"{pathlib.Path(model).name}: " + (f"same {theirs}" if ours == theirs else f"tsir {ours}, Python {theirs}"))
sys.exit(failed)
