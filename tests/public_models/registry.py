"""The table of public models. A maker returns a Python module in evaluation mode; @model says how it becomes TorchScript,
and on which inputs it runs."""
from typing import Callable, Dict, List, NamedTuple


class Model(NamedTuple):
    build: Callable
    inputs: List[str]  # arguments of `tsir --input`
    traced: bool  # otherwise scripted
    library: str

    @property
    def what(self):
        return self.build.__doc__.strip().splitlines()[0]


MODELS: Dict[str, Model] = {}


def model(library, *inputs, traced=False):
    def add(build):
        MODELS[build.__name__] = Model(build, list(inputs), traced, library)
        return build

    return add


def enliven(module, draw):
    """Lets a model with random weights give results that depend on its inputs, and not on rounding: some libraries set
    the last layer to zero, and without statistics batch norm lets values vanish or grow over many layers. draw() returns
    inputs, other ones every time."""
    import torch

    for part in module.modules():
        if isinstance(part, torch.nn.Linear) and not part.weight.any():
            torch.nn.init.normal_(part.weight, std=0.1)
    module.eval()
    norms = [part for part in module.modules() if isinstance(part, torch.nn.modules.batchnorm._BatchNorm)]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.train()
        norm.momentum = None  # the average of all runs
    if norms:
        with torch.no_grad():
            for _ in range(8):
                module(*draw())
    for norm, momentum in zip(norms, momenta):
        norm.eval()
        norm.momentum = momentum
