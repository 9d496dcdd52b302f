// The operators that LibTorch's lite interpreter needs for a module.
#pragma once

#include "lib/base/bytes.h"

#include <chrono>

namespace tsir {

// A YAML list of the operators of all methods, with overloads, as a selective build of LibTorch takes it:
// "- aten::add.Tensor". `limit`: of the time to open the file. Throws Error(load), and Error(check) if the lite
// interpreter cannot run the module.
std::string lite_operators_yaml(const std::shared_ptr<const Bytes>& bytes, std::chrono::nanoseconds limit);

} // namespace tsir
