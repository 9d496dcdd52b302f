// Another program, run to its end without a shell.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace tsir {

struct ProgramRun {
  std::string program; // a path
  std::vector<std::string> arguments;
  std::vector<std::string> environment; // NAME=VALUE
  std::string folder;                   // where it runs
  std::string input = "/dev/null";      // a file
  bool errors_to_output = false;
  bool drops_output = false;
  std::chrono::nanoseconds limit{};
};

struct ProgramEnd {
  int exit_code = 0; // 128 + the signal's number where one ended it
  bool timed_out = false;
  std::string output;
  std::string errors;
};

// Throws Error(check) where it cannot be started.
ProgramEnd run_program(const ProgramRun& run);

} // namespace tsir
