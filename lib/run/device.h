// Finds devices by name through LibTorch's device-generic API, which needs no CUDA headers.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// "cpu", "cuda", "cuda:1", "mps", "xpu" …; throws Error(usage) in one line if the name is not that of a device, or if
// this LibTorch or this machine has no such device.
c10::Device parse_device(const std::string& name);
// The devices besides the CPU that this LibTorch and this machine have, one name for each kind: "cuda", "xpu".
std::vector<std::string> usable_devices();
// Waits until all work queued on the device's current stream is done. Does nothing on a CPU.
void synchronize(c10::Device device);

} // namespace tsir
