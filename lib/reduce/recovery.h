// What is left behind after a failed or crashed pass: a second process writes a reproducer (lib/process/recovery.h).
#pragma once

#include "lib/pass/observer.h"
#include "lib/process/recovery.h"
#include "lib/workload/workload.h"

namespace tsir {

// Notes which pass is at work, so that its failure or crash starts a second process. It should be the first of the
// observers: after a pass it is then called last, when all checks have passed.
class RecoveryObserver final : public Observer {
public:
  // `graph`: which of the file's graphs the pipeline runs on, from 1 on.
  RecoveryObserver(const Pipeline& pipeline, size_t graph);
  void before_pass(const PassEvent& event, Unit& unit) override;
  void after_pass(const PassEvent& event, Unit& unit) override;
  void pass_failed(const PassEvent& event, Unit& unit, const std::string& what) override;

private:
  size_t first_; // the recovery point of the pipeline's first pass
};

// What the first process ran, and where its reproducers go.
struct RecoveryJob {
  Workload workload;
  Pipeline pipeline;
  Purpose purpose; // of the unit
  const Registry* registry = nullptr;
  std::string found_by; // the command line of the first process; "" for none
  std::string folder;   // for a reproducer in a folder of its own; "" for none
  std::string file;     // for a reproducer in one .ir file; "" for none
};

// In the second process: writes the reproducers of the failure, and returns a line for the user about each. A
// reproducer that cannot be written is reported in its line. Writes nothing for a unit from standard input, which
// cannot be read again.
std::vector<std::string> write_reproducers(const EarlierFailure& failure, RecoveryJob job);

} // namespace tsir
