// A report from end to end: what each pass of a pipeline did to a model, whether its results stayed the same, and what
// it did to the run time.
#pragma once

#include "lib/render/dot/levels.h"
#include "lib/report/page/data.h"
#include "lib/workload/workload.h"

namespace tsir {

struct ReportJob {
  Workload workload; // inputs: without any, nothing is run, verified or timed
  const Registry* registry = nullptr;
  Pipeline passes;
  bool each = false; // each pass alone, from the start, else one after the other
  bool draw = true;
  bool verify = true;
  bool bench = true;
  std::chrono::nanoseconds pass_limit = std::chrono::minutes(5); // to run and check one pass, or the pipeline
  double bench_seconds = 20;                                     // for the whole bench
  size_t most_boxes = most_readable;                             // of a drawing; see levels.h
  std::chrono::nanoseconds layout_limit = std::chrono::seconds(8);
  std::string command; // the command line of this job, to be shown; may be empty
  std::string tool;    // the program and its version, to be shown
};

// May be empty.
struct ReportHooks {
  std::function<void(const std::string&)> progress = {}; // what is done now
};

// Passes run in child processes: one that crashes is reported like any other failure. Must be called before this
// process has opened a model or run an operator. Throws the Error that opening the file meets, and Error(usage) if the
// inputs do not fit.
ReportData make_report(const ReportJob& job, const ReportHooks& hooks = {});

} // namespace tsir
