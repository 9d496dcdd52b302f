// A reduction from end to end: the start, the trials, the file that holds the best so far.
#pragma once

#include "lib/reduce/condition.h"
#include "lib/reduce/start.h"
#include "lib/verify/ir_reproducer.h"

namespace tsir {

struct ReduceJob {
  Workload workload;
  const Registry* registry = nullptr;
  Pipeline passes;                   // that show the failure; empty where a command decides
  ReduceCondition condition;         // what of the failure has to stay
  std::string command;               // for a shell, {} stands for the graph's file: exit code 0 keeps it; "" for none
  std::string output;                // .ir: holds the best so far at any time
  double max_seconds = 600;          // stops after this with the best so far
  std::chrono::nanoseconds limit{0}; // for one trial
};

struct ReduceProgress {
  double seconds = 0;
  size_t trials = 0;
  size_t nodes = 0; // of the best so far
  size_t nodes_before = 0;
  std::string doing;
};

struct ReduceHooks {
  std::function<bool()> stop = {};                          // asked before and during every trial; may be empty
  std::function<void(const ReduceProgress&)> progress = {}; // before every trial; may be empty
};

enum class ReduceStop { smallest, asked, out_of_time };

struct ReduceOutcome {
  IrReproducer reproducer; // as the output carries it; with a command only `what` is known
  std::string passes;      // that are left to run on the result
  std::string start;       // the passes that ran on the way to the graph to begin with; "" for none
  size_t nodes_before = 0;
  size_t nodes = 0;
  size_t trials = 0;
  size_t kept = 0; // steps that made it smaller
  double seconds = 0;
  ReduceStop stop = ReduceStop::smallest;
};

// Throws Error(check) where there is nothing to reduce: the failure does not show, or not on a graph by itself.
ReduceOutcome reduce(const ReduceJob& job, const ReduceHooks& hooks = {});

std::string to_text(const ReduceJob& job, const ReduceOutcome& outcome);
// Schema tsir.reduce/1.
nlohmann::ordered_json to_json(const ReduceJob& job, const ReduceOutcome& outcome);
// The command that shows the failure on the result.
std::string command_to_see_again(const ReduceJob& job);

} // namespace tsir
