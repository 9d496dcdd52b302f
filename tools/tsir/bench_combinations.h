// Which flags of `tsir bench` do not go together.
#pragma once

#include "tools/tsir/bench_options.h"

namespace tsir::tool {

// Before anything is opened. Throws Error(usage) in one line that says which to leave out.
void check_combinations(const BenchOptions& options);

} // namespace tsir::tool
