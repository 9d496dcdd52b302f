// Verifies pipelines from end to end: runs each in a child process, collects verdicts, and writes reproducers of
// failures.
#pragma once

#include "lib/verify/sweep.h"
#include "lib/verify/verdict.h"
#include "lib/workload/workload.h"

namespace tsir {

struct VerifyJob {
  Workload workload;
  const Registry* registry = nullptr;
  std::vector<Pipeline> pipelines;   // each on a fresh unit, up to its first failure
  size_t at_once = 1;                // pipelines at the same time; 0: as many as the cores and the memory allow
  std::chrono::nanoseconds limit{0}; // for opening the unit, and for one pipeline; zero for none
  bool refusals_are_fine = false;    // for a sweep over all passes, which the user did not choose
  std::string found_by;              // the command line of this job, recorded in reproducers; may be empty
  std::string reproducers;           // a folder for reproducers of failures; "" for none
};

struct VerifyHooks {
  std::function<void(const Pipeline&)> begin = {};        // before each pipeline; may be empty
  std::function<void(const std::string& line)> warn = {}; // reproducers could not be written; may be empty
};

struct VerifyOutcome {
  std::vector<PassVerdict> verdicts; // of every pass that ran, in order
  SweepCost cost;
  int exit_code = 0; // see exit_code()
};

// Throws Error if the unit cannot be opened or run before any pass, or if its inputs do not match.
VerifyOutcome verify(const VerifyJob& job, const VerifyHooks& hooks = {});

// Makes one pipeline for each pass.
std::vector<Pipeline> each_of(const Pipeline& pipeline);

// Schema tsir.verify/1. `each`: whether each pipeline is a single pass.
nlohmann::ordered_json to_json(const VerifyJob& job, const VerifyOutcome& outcome, bool each);

} // namespace tsir
