#!/usr/bin/env python3
"""A rival of `tsir bench`: the benchmarked file, loaded with torch.jit.load and called from Python.

    tsir bench resnet18.pt --rival python='python torchscript.py' --input 'float32[1,3,224,224]'
"""

import argparse

import tsir_rival


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--no-optimize", action="store_true", help="run the graph as it is: torch.jit.optimized_execution(False)"
    )
    flags = parser.parse_args()

    def prepare(job):
        torch = tsir_rival.use_torch(job)
        if flags.no_optimize:
            torch._C._set_graph_executor_optimize(False)
        module = torch.jit.load(job.model, map_location=job.device)
        return tsir_rival.runner(module, tsir_rival.method_of(module, job), job)

    tsir_rival.serve(prepare, trains=True)


main()
