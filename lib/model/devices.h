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
// longer meet. In all functions of the module, this gives `target` to operators that make or move a tensor on a
// constant device of a type that tensors of the file were saved on (`saved_on`: "cuda:0"). CPUs are left alone, because
// code that names one usually means it, and so are comparisons with a device. Returns what was replaced.
std::vector<MappedDevice> map_devices(const jit::Module& module, c10::Device target,
                                      const std::set<std::string>& saved_on);

// "the code names cuda:0 at model.py:12 and at 2 more places: cpu is used instead"; "" for none.
std::string describe_mapped(const std::vector<MappedDevice>& mapped, c10::Device target);

} // namespace tsir
