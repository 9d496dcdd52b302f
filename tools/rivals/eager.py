#!/usr/bin/env python3
"""A rival of `tsir bench`: the model in Python, run by PyTorch operator by operator.

    tsir bench resnet18.pt --rival eager='python eager.py --module model.py:build' --input 'float32[1,3,224,224]'
"""

import argparse

import tsir_rival


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tsir_rival.add_module_flags(parser)
    flags = parser.parse_args()

    def prepare(job):
        tsir_rival.use_torch(job)
        module = tsir_rival.python_module(flags.module, job, flags.own_weights)
        return tsir_rival.runner(module, tsir_rival.method_of(module, job), job)

    tsir_rival.serve(prepare, trains=True)


main()
