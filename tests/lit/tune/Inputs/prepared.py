"""The same as prepared.cpp with a Python file: prepared.py PREPARE.py MODEL.pt INPUTS.pt OUTPUTS.pt [in-scope]"""
import contextlib
import runpy
import sys

import torch

program, model, inputs, outputs = sys.argv[1:5]
prepare = runpy.run_path(program)
prepare["set_up_libtorch"]()
with prepare["call_scope"]() if sys.argv[5:] else contextlib.nullcontext():
    module = prepare["prepare_model"](torch.jit.load(model))
arguments = torch.load(inputs)
with prepare["call_scope"]():
    for _ in range(4):
        result = module(*arguments)
torch.save(result.clone(), outputs)
