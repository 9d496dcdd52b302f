// Graphs from text (.ir). Throws Error(load) with file and line.
#pragma once

#include "lib/core/libtorch.h"

namespace tsir {

GraphPtr parse_ir(const std::string& text, const std::string& path);

} // namespace tsir
