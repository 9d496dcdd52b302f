// Reads the machine's description and state.
#pragma once

#include "lib/bench/outcome/environment.h"

namespace tsir {

// To be called before this process does anything that affects the load.
Environment read_environment();

} // namespace tsir
