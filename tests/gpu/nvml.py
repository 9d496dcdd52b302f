"""nvml.py LIBRARY: prints the state of the first NVIDIA GPU, as its driver tells it, as JSON. Needs no torch."""
import ctypes
import json
import sys

CLOCK_OF_MULTIPROCESSORS = 1
TEMPERATURE_OF_GPU = 0


def read_gpu(library, index=0):
    """Throws OSError if there is no driver or no such GPU."""
    nvml = ctypes.CDLL(library)

    def call(name, *arguments):
        code = getattr(nvml, name)(*arguments)
        if code != 0:
            raise OSError(f"{name} returned {code}")

    call("nvmlInit_v2")
    device = ctypes.c_void_p()
    call("nvmlDeviceGetHandleByIndex_v2", ctypes.c_uint(index), ctypes.byref(device))
    name = ctypes.create_string_buffer(96)
    call("nvmlDeviceGetName", device, name, ctypes.c_uint(len(name)))
    gpu = {"name": name.value.decode()}
    for key, function, kind in (
        ("clock_mhz", "nvmlDeviceGetClockInfo", CLOCK_OF_MULTIPROCESSORS),
        ("max_clock_mhz", "nvmlDeviceGetMaxClockInfo", CLOCK_OF_MULTIPROCESSORS),
        ("celsius", "nvmlDeviceGetTemperature", TEMPERATURE_OF_GPU),
    ):
        value = ctypes.c_uint()
        call(function, device, kind, ctypes.byref(value))
        gpu[key] = value.value
    return gpu


if __name__ == "__main__":
    try:
        print(json.dumps(read_gpu(sys.argv[1])))
    except (OSError, AttributeError) as error:
        sys.exit(str(error))
