// What opt leaves behind after a failed or crashed pass.
#pragma once

#include "lib/process/recovery.h"
#include "lib/workload/workload.h"
#include "tools/tsir/options.h"

namespace tsir::tool {

// --crash-reproducer FILE.
void add_crash_reproducer(CLI::App& app, std::string& file);
// Throws Error(usage) where it cannot be written, or is no .ir.
void check_crash_reproducer(const std::string& file);

// Notes which pass is at work, so that its failure or crash brings a second process (lib/process/recovery.h). The first
// of the observers: after a pass it is called last, when all checks have passed.
class RecoveryObserver final : public Observer {
public:
  // `graph`: which of the file's graphs the pipeline runs on, from 1 on.
  RecoveryObserver(const Pipeline& pipeline, size_t graph);
  void before_pass(const PassEvent& event, Unit& unit) override;
  void after_pass(const PassEvent& event, Unit& unit) override;
  void pass_failed(const PassEvent& event, Unit& unit, const std::string& what) override;

private:
  size_t first_; // the point of the pipeline's first pass
};

// What a second process works on.
struct Reproduction {
  std::string folder; // of all reproducers; "" for none
  std::string file;   // of --crash-reproducer; "" for none
  const Pipeline& pipeline;
  Workload workload;
  Purpose purpose; // of the unit, in the first process
};

// In a second process: writes a reproducer of the failure, on that of several graphs where it
// came, and reports its folder.
void reproduce(const EarlierFailure& failure, Reproduction what, const Session& session);

} // namespace tsir::tool
