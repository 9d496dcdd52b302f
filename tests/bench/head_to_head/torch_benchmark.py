"""Times the graph, and the graph with work added, one after the other with torch.utils.benchmark.

    torch_benchmark.py WORK.ir PER_MILLE SECONDS

Prints the ratio of the medians, and whether the medians differ in their significant digits according to the
Measurement, which is what Compare(trim_significant_figures=True) shows.
"""
import pathlib
import sys

import torch
from torch.utils import benchmark


def work(text, per_mille):
    changed = text.replace("[value=100]", f"[value={100 + per_mille // 10}]")
    assert per_mille % 10 == 0 and "[value=100]" in text
    function = torch._C._create_function_from_graph("work", torch._C.parse_ir(changed))
    return function, torch.randn(96, 96), torch.randn(96, 96)


def median(parts, seconds):
    function, x, w = parts
    timer = benchmark.Timer("function(x, w)", globals={"function": function, "x": x, "w": w}, num_threads=1)
    result = timer.blocked_autorange(min_run_time=seconds)
    return result.median, benchmark.utils.common.trim_sigfig(result.median, result.significant_figures)


text = pathlib.Path(sys.argv[1]).read_text()
torch._C._set_graph_executor_optimize(False)
with torch.inference_mode():
    one, other = (work(text, amount) for amount in (0, int(sys.argv[2])))
    (base, base_shown), (time, time_shown) = (median(parts, float(sys.argv[3])) for parts in (one, other))
print(f"{time / base:.6f} {int(base_shown != time_shown)}")
