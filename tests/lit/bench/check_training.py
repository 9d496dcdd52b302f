"""Checks the losses of `bench --train` against PyTorch: check_training.py MODEL.pt INPUT.pt REPORT.json OPTIMIZER LOSS"""
import json
import sys

import torch
import torch.nn.functional as F

model, inputs, report, optimizer, loss = sys.argv[1:]
training = json.load(open(report))["tsir"]["training"]
assert (training["optimizer"], training["loss"]) == (optimizer, loss)

module = torch.jit.load(model).train()
x = torch.load(inputs)
kinds = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}
steps = kinds[optimizer](module.parameters(), lr=training["learning_rate"])
generator = torch.Generator().manual_seed(0)
losses = []
for step in range(training["steps"]):
    steps.zero_grad()
    output = module(x)
    if step == 0:
        targets = (torch.randn(output.shape, generator=generator) if loss == "mse" else
                   torch.randint(output.shape[1], output.shape[:1], generator=generator))
    value = F.mse_loss(output, targets) if loss == "mse" else F.cross_entropy(output, targets)
    value.backward()
    steps.step()
    losses.append(value.item())

for variant in training["variants"]:
    assert len(variant["losses"]) == len(losses) == training["steps"]
    for mine, theirs in zip(variant["losses"], losses):
        assert abs(mine - theirs) <= 1e-3 * abs(theirs), (variant["name"], mine, theirs)
assert losses[-1] < losses[0] or loss == "mse"
assert all(training["variants"][0][part + "_ms"] > 0 for part in ("forward", "loss", "backward", "optimizer"))
