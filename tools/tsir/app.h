// The command line as a whole: subcommands, and what errors look like.
#pragma once

#include "tools/tsir/options.h"

namespace tsir::tool {

// All subcommands. Parsing puts into `command` what is to be done. `session` and `command` must outlive it.
std::unique_ptr<CLI::App> make_app(Session& session, Command& command);

// Parses the command line, does what it says, and gives the exit code.
int run_tool(int argc, char** argv);

} // namespace tsir::tool
