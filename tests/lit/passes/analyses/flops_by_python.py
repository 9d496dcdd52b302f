"""The operations that torch.utils.flop_counter counts in MODEL.pt on inputs from tsir's own words, beside tsir's.

    flops_by_python.py TSIR MODEL.pt INPUT    prints "same NUMBER", or both numbers and fails
"""

import json
import subprocess
import sys

import torch
from torch.utils.flop_counter import FlopCounterMode

tsir, model, text = sys.argv[1:]
dtype, _, rest = text.partition("[")
shape = [int(size) for size in rest.partition("]")[0].split(",")]
value = torch.zeros(shape, dtype=getattr(torch, dtype))

# The profiling executor would fuse operators away from the counter: run the graph as it stands.
module = torch.jit.load(model).eval()
with torch.no_grad(), torch.jit.optimized_execution(False), FlopCounterMode(display=False) as counter:
    module(value)

report = subprocess.run([tsir, "opt", model, "--passes", "print-cost", "--no-graph", "--input", text, "--json"],
                        capture_output=True, text=True, check=True)
ours = json.loads(report.stdout)["ran"][0]["report"]["product_flops"]
theirs = counter.get_total_flops()
print(f"same {theirs}" if ours == theirs else f"tsir {ours}, Python {theirs}")
sys.exit(ours != theirs)
