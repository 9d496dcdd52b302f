// The whole command line: its subcommands and the form of its errors.
#pragma once

#include "tools/tsir/options.h"

namespace tsir::tool {

// Makes the parser with all subcommands. Parsing stores the work to do in `command`. `session` and `command` must
// outlive it.
std::unique_ptr<CLI::App> make_app(Session& session, Command& command);

// Parses the command line, runs the subcommand, and returns the exit code.
int run_tool(int argc, char** argv);

} // namespace tsir::tool
