// Runs another program to its end, without a shell.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace tsir {

struct ProgramRun {
  std::string program; // a path, or a name that is looked for in PATH
  std::vector<std::string> arguments = {};
  std::optional<std::vector<std::string>> environment = {}; // NAME=VALUE; this process's own if absent
  std::string folder = {};                                  // where it runs; empty for the current one
  std::string input = "/dev/null";                          // a file
  std::optional<std::string> input_text = {};               // instead of a file
  bool errors_to_output = false;
  bool drops_output = false;
  std::chrono::nanoseconds limit{0}; // zero for none
};

struct ProgramEnd {
  int exit_code = 0; // 128 + the signal's number if a signal ended it
  bool timed_out = false;
  std::string output;
  std::string errors;
};

// Throws Error(check) if it cannot be started.
ProgramEnd run_program(const ProgramRun& run);

} // namespace tsir
