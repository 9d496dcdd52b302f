// The destination of an observer's output: the library itself never prints.
#pragma once

#include <functional>
#include <string>

namespace tsir {

using Sink = std::function<void(const std::string&)>;

} // namespace tsir
