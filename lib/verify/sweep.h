// Verifies pipelines in child processes, so that a crash of one does not prevent the verification of the others.
#pragma once

#include "lib/pass/pipeline.h"
#include "lib/process/worker.h"
#include "lib/verify/observer.h"

namespace tsir {

struct SweepSettings {
  // Makes the target: opens files, makes inputs. Called in each child, because a fork does not copy threads.
  std::function<VerifyTarget()> target;
  std::chrono::nanoseconds limit{0};                  // for one pipeline, opening and running included; zero for none
  std::function<void(const PassVerdict&)> on_verdict; // called in this process, as verdicts arrive
  bool ignore_interrupt = false;                      // in the children
  EnvironmentVariables environment = {};              // of the children
};

// Opens the target in a child and runs it unchanged, so that a unit that cannot be run is reported before any pass.
// Throws the Error that the child threw, or Error(crash) if it died.
void check_start(const SweepSettings& settings);

// One verdict for each pass of the pipeline, in order, up to the first that failed.
std::vector<PassVerdict> verify_in_child(const Pipeline& pipeline, const SweepSettings& settings);

} // namespace tsir
