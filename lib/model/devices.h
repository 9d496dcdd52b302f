// Devices that a module's code names.
#pragma once

#include "lib/compat/libtorch.h"

#include <set>

namespace tsir {

struct MappedDevice {
  std::string device; // "cuda:0"
  std::string place;  // "model.py:12", or "" if unknown
};

// Loading moves the tensors of a file to `target`, but leaves devices in its code as they are, so that the two no
// longer meet. This puts `target` in the place of every constant device that tensors were saved on (`saved_on`:
// "cuda:0") or that this LibTorch lacks, in all functions of the module. Returns what was replaced.
std::vector<MappedDevice> map_devices(const jit::Module& module, c10::Device target,
                                      const std::set<std::string>& saved_on);

// "the code names cuda:0 at model.py:12 and 2 places more: cpu is used instead"; "" for none.
std::string describe_mapped(const std::vector<MappedDevice>& mapped, c10::Device target);

} // namespace tsir
