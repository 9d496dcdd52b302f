// What a search leaves out because of the device.
#pragma once

#include "lib/tune/space.h"

namespace tsir {

// One line each, with the reason: parts that are for the CPU, other devices, and fusers that this LibTorch lacks.
std::vector<std::string> not_tried(const Space& space, c10::Device device);

} // namespace tsir
