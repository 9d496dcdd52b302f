#!/usr/bin/env python3
"""A rival of `tsir bench`: an .onnx file of the same model in ONNX Runtime. Needs onnxruntime and NumPy, but not torch.

    tsir bench resnet18.pt --rival onnx='python onnx_runtime.py resnet18.onnx' --input 'float32[1,3,224,224]'

The input tensors are passed to the inputs of the file in order. To make the file, use torch.onnx.export.
"""

import argparse
import os

import tsir_rival


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", metavar="FILE.onnx")
    parser.add_argument("--provider", help="execution provider (default: CPU or CUDA, depending on the device)")
    flags = parser.parse_args()

    def prepare(job):
        try:
            import onnxruntime
        except ImportError:
            raise SystemExit("onnxruntime is not installed for this Python: pip install onnxruntime")
        if not os.path.exists(flags.file):
            raise SystemExit(f"{flags.file}: no such file")
        by_device = "CUDAExecutionProvider" if job.device.startswith("cuda") else "CPUExecutionProvider"
        provider = flags.provider or by_device
        if provider not in onnxruntime.get_available_providers():
            raise SystemExit(f"this onnxruntime has no {provider}")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = job.threads
        options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(flags.file, options, providers=[provider])
        names = [wanted.name for wanted in session.get_inputs()]
        arrays = job.arrays()
        if len(names) != len(arrays):
            raise SystemExit(f"{flags.file} needs {len(names)} inputs ({', '.join(names)}), but {len(arrays)} are given")
        feed = dict(zip(names, arrays))
        return lambda: session.run(None, feed)

    tsir_rival.serve(prepare, form="npy")


main()
