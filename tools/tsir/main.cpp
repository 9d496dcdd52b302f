// The entry point of tsir. Each subcommand has its own file in this folder; app.cpp combines them.
#include "tools/tsir/app.h"
#include "tools/tsir/flag_names.h"
#include "tools/tsir/launched.h"
#include "tools/tsir/supervisor.h"

namespace {

// The loader calls this before the constructors of any shared library. A fork after LibTorch's start-up would have to
// copy every page that its constructors wrote to: 20 ms of the 260 that `tsir --version` took.
[[gnu::section(".preinit_array"), gnu::used]] void (*const split_off_first)() = tsir::tool::split_off_worker;

} // namespace

int main(int argc, char** argv) {
  tsir::tool::restore_environment();
  tsir::install_spellings(tsir::tool::flag_names());
  tsir::tool::run_supervised([&] { return tsir::tool::run_tool(argc, argv); });
}
