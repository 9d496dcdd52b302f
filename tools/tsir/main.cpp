// The entry point of tsir. Each subcommand has its own file in this folder; app.cpp combines them.
#include "tools/tsir/app.h"
#include "tools/tsir/flag_names.h"
#include "tools/tsir/supervisor.h"

int main(int argc, char** argv) {
  tsir::install_spellings(tsir::tool::flag_names());
  tsir::tool::run_supervised([&] { return tsir::tool::run_tool(argc, argv); });
}
