// Runs a reduction from end to end: finds the start, tries candidates, and keeps the best so far in a file.
#pragma once

#include "lib/reduce/condition.h"
#include "lib/reduce/start.h"
#include "lib/verify/ir_reproducer.h"

namespace tsir {

struct ReduceJob {
  Workload workload;
  const Registry* registry = nullptr;
  Pipeline passes;           // that show the failure; empty if a command decides
  ReduceCondition condition; // which failure to keep
  std::string command;      // for a shell; {} stands for the graph's file, and exit code 0 keeps the graph; "" for none
  std::string output;       // an .ir file that always holds the best so far
  double max_seconds = 600; // ends with the best so far after this time
  std::chrono::nanoseconds limit{0}; // for one trial
  size_t at_once = 1; // trials at the same time; 0: as many as the cores allow. A command's trials run one by one
};

struct ReduceProgress {
  double seconds = 0;
  size_t trials = 0;
  size_t nodes = 0; // of the best so far
  size_t nodes_before = 0;
  std::string doing;
};

struct ReduceHooks {
  std::function<bool()> stop = {};                          // called before and during every trial; may be empty
  std::function<void(const ReduceProgress&)> progress = {}; // before every trial; may be empty
};

enum class ReduceStop { smallest, asked, out_of_time };

struct ReduceOutcome {
  IrReproducer reproducer; // as in the output file; with a command, only `what` is set
  std::string passes;      // the passes left to run on the result
  std::string start;       // the passes that made the starting graph; "" for none
  size_t nodes_before = 0;
  size_t nodes = 0;
  size_t trials = 0;
  size_t kept = 0; // steps that made the graph smaller
  double seconds = 0;
  ReduceStop stop = ReduceStop::smallest;
};

// Throws Error(check) if there is nothing to reduce: the failure does not show, or not on a standalone graph.
ReduceOutcome reduce(const ReduceJob& job, const ReduceHooks& hooks = {});

std::string to_text(const ReduceJob& job, const ReduceOutcome& outcome);
// Schema tsir.reduce/1.
nlohmann::ordered_json to_json(const ReduceJob& job, const ReduceOutcome& outcome);
// The command that shows the failure on the result.
std::string reproducing_command(const ReduceJob& job);

} // namespace tsir
