// Verifies pipelines in child processes: whatever a pass does there, the next pipeline is still verified.
#pragma once

#include "lib/pass/pipeline.h"
#include "lib/process/worker.h"
#include "lib/verify/observer.h"

namespace tsir {

struct SweepSettings {
  // Makes the target: opens files, makes inputs. Called in every child anew, because a fork takes no threads along.
  std::function<VerifyTarget()> target;
  std::chrono::nanoseconds limit{0};                  // for one pipeline, opening and running included; zero for none
  std::function<void(const PassVerdict&)> on_verdict; // called here, as they arrive
  bool ignore_interrupt = false;                      // in the children
  EnvironmentVariables environment = {};              // of the children
};

// Opens the target in a child and runs it as it came: a unit that cannot even be run is reported before any pass.
// Throws the Error that the child met, and Error(crash) where it died.
void check_start(const SweepSettings& settings);

// One verdict for each pass of the pipeline, in order, up to the first that failed.
std::vector<PassVerdict> verify_in_child(const Pipeline& pipeline, const SweepSettings& settings);

} // namespace tsir
