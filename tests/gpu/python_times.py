"""Times models in Python and as TorchScript in Python, as the published experiments did.

    python_times.py TESTDATA MODELS DEVICE SECONDS NAME=FILE...     FILE is that of make_models.py in MODELS; with
                                                                    NAME=FILE:train, steps of training are timed

Prints a line of JSON for each model: {"name": ..., "native_ms": ..., "torchscript_ms": ...}. A step waits for the device.
"""
import json
import pathlib
import statistics
import sys
import time

TRAINING_STEPS = 20


def wait(device):
    if device.startswith("cuda"):
        torch.cuda.synchronize()


def median_ms(call, device, seconds):
    for _ in range(4):  # the profiling executor compiles in the second call
        call()
    wait(device)
    times = []
    end = time.perf_counter() + seconds
    while len(times) < 3 or (time.perf_counter() < end and len(times) < 1000):
        start = time.perf_counter()
        call()
        wait(device)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def on_device(value, device):
    return value.to(device) if isinstance(value, torch.Tensor) else value


def python_module(name):
    if name == "chatbot":  # that of make_models.py is TorchScript
        return make_experiments.chatbot()
    return make_models.MODELS[name].build()


def inference(module, inputs):
    def call():
        with torch.no_grad():
            module(*inputs)

    return call


def training(module, inputs):
    """As `tsir bench --train --optimizer adam --loss cross-entropy`: a call makes TRAINING_STEPS steps."""
    module.train()
    optimizer = torch.optim.Adam(module.parameters())
    targets = torch.zeros(inputs[0].shape[0], dtype=torch.int64, device=inputs[0].device)

    def call():
        for _ in range(TRAINING_STEPS):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(module(*inputs), targets).backward()
            optimizer.step()

    return call


def times_of(file, train, models, device, seconds):
    native = python_module(file).eval().to(device)
    scripted = torch.jit.load(models / f"{file}.pt", map_location=device)
    texts = json.loads((models / "inputs.json").read_text())[file]
    inputs = [on_device(make_models.parse_input(text), device) for text in texts]
    prepare = training if train else inference
    return {
        "native_ms": median_ms(prepare(native, inputs), device, seconds),
        "torchscript_ms": median_ms(prepare(scripted, inputs), device, seconds),
    }


def main():
    models, device, seconds = pathlib.Path(sys.argv[2]), sys.argv[3], float(sys.argv[4])
    for argument in sys.argv[5:]:
        name, _, file = argument.partition("=")
        file, _, train = file.partition(":")
        try:
            times = times_of(file, train == "train", models, device, seconds)
        except Exception as error:
            times = {"error": f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"}
        print(json.dumps({"name": name, **times}), flush=True)


sys.path.insert(0, sys.argv[1])
import make_models  # noqa: E402

make_models.use_torch()
import make_experiments  # noqa: E402
import torch  # noqa: E402

main()
