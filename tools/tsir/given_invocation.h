// The command line that the user gave, as an Invocation: every option of every subcommand.
#pragma once

#include "lib/workload/invocation.h"

#include <CLI/CLI.hpp>

namespace tsir::tool {

// Of a subcommand that has been parsed. Its words, parsed again, give the same.
Invocation given_invocation(const CLI::App& subcommand);

} // namespace tsir::tool
