"""Helps to write rivals of `tsir bench --rival` in Python. Implements the protocol of docs/rivals.md, and has functions
for rivals that use torch.

    import tsir_rival

    def prepare(job):                 # put slow imports in here, because the greeting comes first
        import my_runtime
        session = my_runtime.load(job.model)
        arrays = job.arrays()
        return lambda: session.run(arrays)

    tsir_rival.serve(prepare, form="npy")

`prepare` takes the job and returns a function without arguments. Each call of this function must run the model once on
the job's inputs, wait until all work is done, and return the outputs. `form` is how tensors are passed: "torch" or
"npy"; "npy" needs NumPy but not torch.
"""

import functools
import importlib.util
import itertools
import os
import resource
import sys
import time
import traceback


class Job:
    """What to run. Complete when `prepare` is called."""

    model = ""  # path of the benchmarked file
    method = "forward"
    device = "cpu"
    threads = 1  # within an operator
    grad = False
    seed = 0
    inputs_path = ""
    training = ""  # how to train, if training steps are timed instead of calls: see tsir_train.py

    def tell(self, name, text):
        if name in ("threads", "seed"):
            setattr(self, name, int(text))
        elif name == "grad":
            self.grad = text == "on"
        elif name == "inputs":
            self.inputs_path = text
        elif name == "train":
            self.training = text
        elif name in ("model", "method", "device"):
            setattr(self, name, text)
        # Ignore other settings: they come from a newer tsir, which does not expect an answer.

    def inputs(self):
        """Returns the arguments as torch values, on the job's device."""
        import torch

        return torch.load(self.inputs_path, map_location=self.device, weights_only=True)

    def arrays(self):
        """Returns all tensors and numbers of the arguments, in order, as NumPy arrays."""
        import numpy

        names = sorted(os.listdir(self.inputs_path), key=lambda name: int(name.split(".")[0]))
        return [numpy.load(os.path.join(self.inputs_path, name)) for name in names]


# ---- The protocol --------------------------------------------------------------------------------------------------------


def serve(prepare, form="torch", trains=False):
    """Answers the requests of tsir until it quits. Set `trains` if `prepare` supports job.training."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # other output must not mix with the answers
    print("tsir-rival 1", form, *(["train"] if trains else []), file=answers)
    job, call = Job(), None
    for line in sys.stdin:
        word, _, rest = line.rstrip("\n").partition(" ")
        try:
            if word == "quit":
                break
            if word == "prepare":
                call = prepare(job)
                answer = "ready"
            elif word == "outputs":
                write_outputs(call.outputs() if job.training else call(), rest, form)
                answer = "written"
            elif word == "run":
                answer = timed(call, *map(int, rest.split()))
            else:
                job.tell(word, rest)
                continue
        except BaseException as error:  # including SystemExit, whose text is for the user
            traceback.print_exc()
            text = " ".join(str(error).split()) or "no message"
            answer = f"error {text if isinstance(error, SystemExit) else f'{type(error).__name__}: {text}'}"
        print(answer, file=answers)
    answers.flush()
    os._exit(0)  # skip the slow clean-up of interpreters and runtimes


def timed(call, samples, calls):
    """Returns the answer to `run`: `samples` times of `calls` calls each, and the resources that they used."""
    times = [0] * samples
    clock = time.perf_counter_ns
    used = resource.getrusage(resource.RUSAGE_SELF)
    processor = time.process_time_ns()
    before = getattr(call, "before", None)
    for sample in range(samples):
        if before:  # runs before each call, and is not timed
            for _ in itertools.repeat(None, calls):
                before()
                start = clock()
                call()
                times[sample] += clock() - start
            continue
        start = clock()
        for _ in itertools.repeat(None, calls):
            call()
        times[sample] = clock() - start
    processor = time.process_time_ns() - processor
    after = resource.getrusage(resource.RUSAGE_SELF)
    faults = after.ru_minflt + after.ru_majflt - used.ru_minflt - used.ru_majflt
    return f"ran {' '.join(map(str, times))} usage {processor} {after.ru_nivcsw - used.ru_nivcsw} {faults}"


def write_outputs(outputs, path, form):
    if form == "torch":
        import torch

        torch.save(plain(outputs), path)
        return
    import numpy

    for number, array in enumerate(outputs):
        numpy.save(os.path.join(path, f"{number}.npy"), numpy.asarray(array))


def plain(value):
    """Converts a value to types that every torch.load accepts."""
    if hasattr(value, "detach"):
        return value.detach().cpu()
    if isinstance(value, dict):
        return {key: plain(element) for key, element in value.items()}
    if isinstance(value, (list, tuple)):
        return (list if isinstance(value, list) else tuple)(map(plain, value))
    return getattr(value, "value", value)  # a member of an Enum


# ---- For rivals on torch -------------------------------------------------------------------------------------------------


def add_module_flags(parser):
    parser.add_argument(
        "--module",
        metavar="FILE.py:NAME",
        required=True,
        help="the model in Python: an nn.Module, or a function without arguments that returns one",
    )
    parser.add_argument(
        "--own-weights", action="store_true", help="keep the module's own weights instead of using those of the benchmarked file"
    )


def use_torch(job):
    """Imports torch and applies the job's settings."""
    import torch

    torch.set_num_threads(job.threads)
    torch.set_grad_enabled(job.grad)
    torch.manual_seed(job.seed)
    return torch


def python_module(place, job, own_weights=False):
    """Returns the nn.Module FILE.py:NAME on the job's device, with the weights and modes of the benchmarked file."""
    import torch

    path, _, name = place.rpartition(":")
    if not path:
        raise SystemExit(f"--module {place}: expected FILE.py:NAME")
    path = os.path.abspath(path)
    sys.path.insert(0, os.path.dirname(path))
    spec = importlib.util.spec_from_file_location(os.path.splitext(os.path.basename(path))[0], path)
    if spec is None or not os.path.exists(path):
        raise SystemExit(f"--module {place}: cannot find the Python file {path}")
    file = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = file
    spec.loader.exec_module(file)
    if not hasattr(file, name):
        raise SystemExit(f"--module {place}: the file does not define {name}")
    module = getattr(file, name)
    module = module if isinstance(module, torch.nn.Module) else module()
    if not isinstance(module, torch.nn.Module) or isinstance(module, torch.jit.ScriptModule):
        raise SystemExit(f"--module {place}: is a {type(module).__name__}, not a Python nn.Module")
    module = module.to(job.device)
    if not own_weights:
        take_weights(module, job)
    return module


def take_weights(module, job):
    import torch

    benched = torch.jit.load(job.model, map_location=job.device)
    try:
        module.load_state_dict(benched.state_dict())
    except RuntimeError as error:
        raise SystemExit(f"the weights of {job.model} do not fit the module (--own-weights keeps the module's own): {error}")
    modes = {name: part.training for name, part in benched.named_modules()}
    for name, part in module.named_modules():
        part.training = modes.get(name, part.training)


def runner(module, function, job):
    """Returns what `prepare` must return for a module: a function that calls it, or its training steps."""
    if job.training:
        import tsir_train

        return tsir_train.Steps(module.train(), function, job)
    return caller(function, job)


def caller(function, job):
    """Returns a function that calls `function` on the job's inputs and waits for the device."""
    inputs = job.inputs()
    if not job.device.startswith("cuda"):
        return lambda: function(*inputs)

    def call():
        outputs = function(*inputs)
        wait_for_device(job)
        return outputs

    return call


def wait_for_device(job):
    if job.device.startswith("cuda"):
        import torch

        torch.cuda.synchronize()


def method_of(module, job):
    """Returns the job's method. For forward this is the (sub)module itself, so that hooks run."""
    *path, method = job.method.split(".")
    part = functools.reduce(getattr, path, module)
    return part if method == "forward" else getattr(part, method)
