"""Training steps for rivals that use torch, equal to those that `tsir bench --train` takes of its own variants.

A step is forward, loss, backward and the optimizer's step. Before each step, and not timed, the state is reset to its
start after the given number of steps, and gradients are freed.
"""

import math
from typing import NamedTuple

import tsir_rival

compared_steps = 3


class Training(NamedTuple):
    """The contents of the protocol's line `train`."""

    optimizer: str  # sgd or adam, with torch's defaults
    rate: float
    loss: str  # mean, mse or cross-entropy
    steps: int  # reset to the start after this many steps
    timed_zero_grad: bool


def parse(text):
    optimizer, rate, loss, steps, zero_grad = text.split()
    return Training(optimizer, float(rate), loss, int(steps), zero_grad == "timed")


class Steps:
    """Each call is a training step. before() is what precedes it and is not timed."""

    def __init__(self, module, function, job):
        self.job, self.training = job, parse(job.training)
        self.module, self.function, self.inputs = module, function, job.inputs()
        self.parameters = [p for p in module.parameters() if p.requires_grad]
        self.state = [tensor for tensor in (*self.parameters, *module.buffers())]
        self.start = [tensor.detach().clone() for tensor in self.state]
        self.targets = None
        self.go_to_start()

    def go_to_start(self):
        import torch

        with torch.no_grad():
            for tensor, start in zip(self.state, self.start):
                tensor.copy_(start)
        kind = torch.optim.Adam if self.training.optimizer == "adam" else torch.optim.SGD
        self.optimizer = kind(self.parameters, lr=self.training.rate)
        torch.manual_seed(self.job.seed)
        self.done = 0
        tsir_rival.wait_for_device(self.job)

    def before(self):
        if self.done >= self.training.steps:
            self.go_to_start()
        if not self.training.timed_zero_grad:
            self.optimizer.zero_grad()

    def __call__(self):
        if self.training.timed_zero_grad:
            self.optimizer.zero_grad()
        self.loss = self.loss_of(self.function(*self.inputs))
        self.loss.backward()
        self.optimizer.step()
        tsir_rival.wait_for_device(self.job)
        self.done += 1

    def loss_of(self, outputs):
        import torch

        output = differentiable(outputs)
        if output is None:
            raise SystemExit("no floating-point output depends on a trainable parameter, so there is no loss")
        if output.dim() == 0:  # the model's own loss
            return output
        if self.training.loss == "mean":
            return output.mean()
        if self.targets is None:
            self.targets = make_targets(output, self.training.loss, self.job.seed)
        if self.training.loss == "mse":
            return torch.nn.functional.mse_loss(output, self.targets)
        return torch.nn.functional.cross_entropy(output, self.targets)

    def outputs(self):
        """Returns what tsir compares: loss and gradient norm of the first steps, and whether all were finite."""
        import torch

        compared, finite = [], True
        for step in range(1, self.training.steps + 1):
            self.before()
            self()
            loss, norm = self.loss.item(), self.gradient_norm()
            finite = finite and math.isfinite(loss) and math.isfinite(norm)
            if step <= compared_steps:
                compared += [torch.tensor(number, dtype=torch.float32) for number in (loss, norm)]
        return compared + [finite]

    def gradient_norm(self):
        norms = [p.grad.float().norm().item() for p in self.parameters if p.grad is not None]
        return math.sqrt(sum(norm * norm for norm in norms))


def differentiable(value):
    """Returns the first floating-point tensor in the value that has a gradient."""
    if hasattr(value, "is_floating_point"):
        return value if value.is_floating_point() and value.requires_grad else None
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return next((found for part in parts if (found := differentiable(part)) is not None), None)


def make_targets(output, loss, seed):
    """Returns targets that depend only on seed and shape, as in tsir: drawn on the CPU with a separate generator."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    if loss == "mse":
        return torch.randn(output.shape, generator=generator, dtype=torch.float32).to(output)
    classes = 1 if output.dim() > 1 else 0
    shape = output.shape[:classes] + output.shape[classes + 1 :]
    return torch.randint(output.size(classes), shape, generator=generator).to(output.device)
