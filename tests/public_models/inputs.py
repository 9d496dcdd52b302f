"""Reads those inputs of `tsir --input` that the table of models uses."""
import ast
import re

import torch

TENSOR = re.compile(r"\b([a-z]+\d+)\[([\d,]*)\](?:=(\w+)(?:\(([^)]*)\))?|=(\[[^\]]*\]))?")


def read(text):
    tensors = []

    def placeholder(match):
        tensors.append(tensor(*match.groups()))
        return f"tensors[{len(tensors) - 1}]"

    expression = TENSOR.sub(placeholder, text)
    return eval(expression, {"tensors": tensors})  # the table is ours


def tensor(dtype, sizes, fill, arguments, values):
    dtype = getattr(torch, dtype)
    sizes = [int(size) for size in sizes.split(",") if size]
    if values:
        return torch.tensor(ast.literal_eval(values), dtype=dtype).reshape(sizes)
    if fill == "randint":
        return torch.randint(*map(int, arguments.split(",")), sizes, dtype=dtype)
    return getattr(torch, fill or "randn")(sizes, dtype=dtype)
