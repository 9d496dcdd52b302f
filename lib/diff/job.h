// A comparison of two units from end to end.
#pragma once

#include "lib/diff/diff_report.h"
#include "lib/workload/workload.h"

namespace tsir {

struct DiffJob {
  Workload before;
  Pipeline before_passes; // run on it first
  Workload after;
  Pipeline after_passes;
  bool inline_calls = true; // compare the graphs with all calls inlined, else as they are
  DiffSettings settings;
};

// `warn`: see OpenedModel; may be empty. Throws Error(usage) if both are standard input, and the Error that opening a
// file or running a pass meets.
DiffReport diff(const DiffJob& job, const Warn& warn = {});

} // namespace tsir
