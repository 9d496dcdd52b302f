// The flags of `tsir tune`.
#pragma once

#include "lib/tune/job.h"
#include "tools/tsir/workload_options.h"

namespace tsir::tool {

struct TuneOptions {
  ModelOptions model;
  InputOptions input;
  ExecutionOptions execution;
  JsonOption json;
  std::string goal = "latency";
  size_t clients = 4;
  double max_seconds = 300;
  size_t sets = 3;
  size_t calls = 2;
  size_t further = 100;
  double answer_seconds = 120;
  std::vector<std::string> tolerance;
  std::vector<std::string> input_sets;
  std::vector<size_t> weights;
  std::vector<std::string> allow;
  std::vector<std::string> search;
  std::string output;
  std::string recipe;
  std::string emit_cpp;
  std::string emit_python;
  std::string report;
  std::string journal;
  std::string check;

  void add_to(CLI::App& app);
  TuneJob job(const Session& session) const; // throws Error(usage)
  Mix mix() const;                           // throws Error(usage)
  // Throws Error(usage) if a file cannot be written, or two are the same.
  void check_files() const;
};

} // namespace tsir::tool
