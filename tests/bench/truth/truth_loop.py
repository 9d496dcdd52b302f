"""A plain Python program that runs a model. It does the same as truth_loop.cpp, with the same arguments and lines."""
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import torch

model, inputs, executor = sys.argv[1:]
torch.set_num_threads(1)
torch._C._set_graph_executor_optimize(executor == "profiling")
with torch.no_grad():
    module = torch.jit.load(model).eval()
    inputs = torch.load(inputs, weights_only=False)
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            before = time.perf_counter_ns()
            module(*inputs)
            times.append(time.perf_counter_ns() - before)
        print(*times, flush=True)
