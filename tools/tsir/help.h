// tsir help, and what is said of a subcommand that does not exist.
#pragma once

#include "tools/tsir/options.h"

namespace tsir::tool {

// "there is no subcommand 'bnech': did you mean 'bench'? See `tsir --help`".
std::string unknown_subcommand(const CLI::App& app, const std::string& name);

} // namespace tsir::tool
