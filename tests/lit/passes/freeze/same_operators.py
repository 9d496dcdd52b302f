"""The operators of a graph, sorted: `freeze|optimize_for_inference MODEL.pt` prints those that Python's function leaves;
`check FILE` compares them with the graph text on standard input."""
import re
import sys


def operators(text):
    return sorted(kind for kind in re.findall(r"= (\w+::\w+)", text) if kind != "prim::Constant")


what, path = sys.argv[1:]
if what == "check":
    found, expected = operators(sys.stdin.read()), open(path).read().split()
    assert expected and found == expected, f"{found} instead of {expected}"
else:
    import torch

    module = getattr(torch.jit, what)(torch.jit.load(path))
    print("\n".join(operators(str(module.graph))))
