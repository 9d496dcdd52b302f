// Where an observer writes: the library never prints by itself.
#pragma once

#include <functional>
#include <string>

namespace tsir {

using Sink = std::function<void(const std::string&)>;

} // namespace tsir
