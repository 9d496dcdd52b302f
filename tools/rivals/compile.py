#!/usr/bin/env python3
"""A rival of `tsir bench`: the model in Python under torch.compile.

    tsir bench resnet18.pt --rival compile='python compile.py --module model.py:build' --input 'float32[1,3,224,224]'

The first call compiles, which can take minutes. tsir counts it as warm-up. On a CPU, a C++ compiler is needed.
"""

import argparse

import tsir_rival


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tsir_rival.add_module_flags(parser)
    parser.add_argument("--backend", default="inductor", help="backend of torch.compile (default: %(default)s)")
    parser.add_argument("--mode", help="mode of torch.compile: reduce-overhead, max-autotune, …")
    parser.add_argument("--fullgraph", action="store_true", help="fail if the model cannot be compiled as one graph")
    flags = parser.parse_args()

    def prepare(job):
        torch = tsir_rival.use_torch(job)
        module = tsir_rival.python_module(flags.module, job, flags.own_weights)
        compiled = torch.compile(
            tsir_rival.method_of(module, job), backend=flags.backend, mode=flags.mode, fullgraph=flags.fullgraph
        )
        return tsir_rival.runner(module, compiled, job)

    tsir_rival.serve(prepare, trains=True)


main()
