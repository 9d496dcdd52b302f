// usage: tsir_many SOCKET
//
// Runs tsir commands for tests, each in a child process of this one. LibTorch starts once, which is most of the time of
// a short command. Ends when standard input is closed.
//
// Who uses it: the lit tests, by tsir_client, and test scripts, by tests/tool.py.
#include "lib/base/setting.h"
#include "tests/many/server.h"
#include "tools/tsir/flag_names.h"

#include <iostream>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: tsir_many SOCKET\n";
    return 2;
  }
  tsir::install_spellings(tsir::tool::flag_names());
  try {
    tsir::many::Server server(argv[1]);
    std::cout << "ready" << std::endl; // who started this waits for it
    server.serve();
  } catch (const std::exception& error) {
    std::cerr << "tsir_many: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
