// Verifies pipelines from end to end: runs each in a child process, collects verdicts, and writes reproducers of
// failures.
#pragma once

#include "lib/verify/verdict.h"
#include "lib/workload/workload.h"

namespace tsir {

struct VerifyJob {
  Workload workload;
  const Registry* registry = nullptr;
  std::vector<Pipeline> pipelines;   // each on a fresh unit, up to its first failure
  std::chrono::nanoseconds limit{0}; // for one pipeline, opening and running included; zero for none
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
  int exit_code = 0;                 // see exit_code()
};

// Throws Error if the unit cannot be opened or run before any pass, or if its inputs do not match.
VerifyOutcome verify(const VerifyJob& job, const VerifyHooks& hooks = {});

// Makes one pipeline for each pass.
std::vector<Pipeline> each_of(const Pipeline& pipeline);

// Schema tsir.verify/1. `each`: whether each pipeline is a single pass.
nlohmann::ordered_json to_json(const VerifyJob& job, const VerifyOutcome& outcome, bool each);

} // namespace tsir
