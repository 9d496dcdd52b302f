// The command line that the user gave, as an Invocation with all its options.
#pragma once

#include "lib/workload/invocation.h"

#include <CLI/CLI.hpp>

namespace tsir::tool {

// The invocation of a parsed subcommand. Parsing its words again gives the same result.
Invocation given_invocation(const CLI::App& subcommand);

} // namespace tsir::tool
