// LibTorch's settings as a program makes them.
#pragma once

#include "lib/host/program.h"

#include <set>

namespace tsir {

// The headers that the C++ code needs.
std::set<std::string> headers_of(const HostSettings& settings);
// C++: a function set_up_libtorch() and a struct CallScope. Python: set_up_libtorch() and call_scope().
std::string settings_code(const HostSettings& settings, Language language);

} // namespace tsir
