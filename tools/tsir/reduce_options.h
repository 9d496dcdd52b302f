// The flags of `tsir reduce`.
#pragma once

#include "lib/reduce/condition.h"
#include "tools/tsir/workload_options.h"

namespace tsir::tool {

struct ReduceOptions {
  ProofOptions proof;
  JsonOption json;
  std::string passes;
  std::string output;
  bool crashes = false;
  bool differs = false;
  bool breaks_lint = false;
  std::string message;
  std::string test;
  std::vector<std::string> words; // a command, instead of `test`
  double max_seconds = 600;
  size_t at_once = 0;
  bool verbose = false;

  void add_to(CLI::App& app);
  // If neither passes nor a command were given, takes the options from the reproducer in the file.
  void complete_from_file();
  // Throws Error(usage).
  void check() const;
  ReduceCondition condition() const;
  // The shell command, in which {} stands for the file's name; "" if passes show the failure.
  std::string command() const;
};

} // namespace tsir::tool
