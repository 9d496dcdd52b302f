// Devices by name, through LibTorch's device-generic API: no CUDA headers anywhere.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// "cpu", "cuda", "cuda:1", "mps", "xpu" …; throws Error(usage) in one line where the name is none, or this LibTorch or
// machine has no such device.
c10::Device parse_device(const std::string& name);
// Waits until all work queued on the device's current stream is done; nothing on a CPU.
void synchronize(c10::Device device);

} // namespace tsir
