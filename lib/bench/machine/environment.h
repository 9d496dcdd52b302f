// The machine and its state, read.
#pragma once

#include "lib/bench/outcome/environment.h"

namespace tsir {

// To be called before this process does anything that shows in the load.
Environment read_environment();

} // namespace tsir
