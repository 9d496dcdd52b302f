#!/usr/bin/env python3
"""A rival of `tsir bench`: the benchmarked file after torch.jit.optimize_for_inference, or after torch.jit.freeze only.

    tsir bench resnet18.pt --rival ofi='python optimize_for_inference.py' --input 'float32[1,3,224,224]'
"""

import argparse

import tsir_rival


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--freeze-only", action="store_true", help="stop after torch.jit.freeze")
    flags = parser.parse_args()

    def prepare(job):
        torch = tsir_rival.use_torch(job)
        module = torch.jit.load(job.model, map_location=job.device).eval()
        others = [] if job.method == "forward" else [job.method]
        module = torch.jit.freeze(module, preserved_attrs=others)
        if not flags.freeze_only:
            module = torch.jit.optimize_for_inference(module, others)
        return tsir_rival.caller(tsir_rival.method_of(module, job), job)

    tsir_rival.serve(prepare)


main()
