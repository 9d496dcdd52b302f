// How the tool spells the settings that the library's messages name.
#pragma once

#include "lib/base/setting.h"

namespace tsir::tool {

// The one table of the flags that the library's messages name. tests/lit/cli/flag_names.test looks each of them up in
// the help, and finds settings that have no flag here.
std::span<const Spelling> flag_names();

} // namespace tsir::tool
