"""Prepares a module with a file that `tsir opt` wrote, and runs it: prepared.py PREPARE.py MODEL.pt INPUTS.pt OUTPUTS.pt"""
import runpy
import sys

import torch

program, model, inputs, outputs = sys.argv[1:]
module = runpy.run_path(program)["prepare_model"](torch.jit.load(model))
with torch.no_grad():
    for _ in range(3):
        result = module(*torch.load(inputs))
torch.save(result, outputs)
