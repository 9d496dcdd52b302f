// Verifying from end to end: every pipeline in a child process, verdicts, reproducers of what failed.
#pragma once

#include "lib/verify/verdict.h"
#include "lib/workload/workload.h"

namespace tsir {

struct VerifyJob {
  Workload workload;
  const Registry* registry = nullptr;
  std::vector<Pipeline> pipelines;   // each on a fresh unit, up to its first failure
  std::chrono::nanoseconds limit{0}; // for one pipeline, opening and running included; zero for none
  bool refusals_are_fine = false;    // in a sweep over passes that nobody chose
  std::string found_by;    // the command line that this job stands for, for readers of reproducers; may be empty
  std::string reproducers; // a folder for what reproduces failures; "" for none
};

struct VerifyHooks {
  std::function<void(const Pipeline&)> begin = {};        // before each pipeline; may be empty
  std::function<void(const std::string& line)> warn = {}; // reproducers could not be written; may be empty
};

struct VerifyOutcome {
  std::vector<PassVerdict> verdicts; // of every pass that ran, in order
  int exit_code = 0;                 // see exit_code()
};

// Throws the Error that the unit as it came meets: it cannot be opened or run, or its inputs do not fit.
VerifyOutcome verify(const VerifyJob& job, const VerifyHooks& hooks = {});

// Each pass of a pipeline by itself.
std::vector<Pipeline> each_of(const Pipeline& pipeline);

// Schema tsir.verify/1. `each`: whether the pipelines stand for single passes.
nlohmann::ordered_json to_json(const VerifyJob& job, const VerifyOutcome& outcome, bool each);

} // namespace tsir
