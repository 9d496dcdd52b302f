// Running a unit on example inputs from end to end.
#pragma once

#include "lib/run/repeat.h"
#include "lib/workload/workload.h"

namespace tsir {

struct RunJob {
  Workload workload;
  Pipeline passes;        // run first
  size_t runs = 1;        // on the same inputs
  bool seed_once = false; // the random generators are seeded before the first run only
  std::string output;     // FILE.pt for the outputs of the first run, as torch.load reads them; "" for none
};

struct RunOutcome {
  std::string method;  // or the name of the graph
  std::string device;  // "cpu", "cuda:0"
  int threads = 0;     // within an operator
  Repetition measured; // outputs, times and differences between runs
};

// `warn`: see OpenedModel; may be empty. Throws Error(usage) if the output cannot be written or the inputs do not fit,
// Error(load) if the file cannot be opened, Error(pass) if a pass fails, and Error(check) if the model throws or the
// outputs cannot be saved.
RunOutcome run(const RunJob& job, const Warn& warn = {});

std::string to_text(const RunJob& job, const RunOutcome& outcome);
// Schema tsir.run/1.
nlohmann::ordered_json to_json(const RunJob& job, const RunOutcome& outcome);

} // namespace tsir
