// The interface for everything that observes passes: verifying, printing, diffing, timing, comparing results, writing
// dumps.
#pragma once

#include "lib/compat/libtorch.h"
#include "lib/model/unit.h"

namespace tsir {

struct PassUse;

// One pass of a run, as observers see it.
struct PassEvent {
  const PassUse& use;
  size_t index;                         // from 0
  size_t count;                         // passes in the pipeline
  std::string pipeline_text;            // the pipeline text that reproduces the state after this pass
  std::string before_text;              // the pipeline text that reproduces the state before it; may be empty
  bool changed = false;                 // after: whether the canonical hash of the unit differs
  std::chrono::nanoseconds duration{0}; // after: the pass alone, profiling runs included
  std::string note;                     // after: the pass's note, or why it found nothing to do
  bool refused = false;                 // failed: the pass threw Refused
  std::string report;                   // after: of an analysis
  nlohmann::ordered_json data;          // after: the report as data
  std::string beyond_host = {};         // after: see PassResult
};

class Observer {
public:
  virtual ~Observer() = default;
  virtual void before_pipeline(Unit&) {}
  virtual void before_pass(const PassEvent&, Unit&) {}
  virtual void after_pass(const PassEvent&, Unit&) {}
  // The pass threw; `what` is one line. The unit may be in any state. event.refused tells whether one of tsir's checks
  // declined the unit (see lib/pass/refused.h); otherwise LibTorch or the model failed.
  virtual void pass_failed(const PassEvent&, Unit&, const std::string& /*what*/) {}
  virtual void after_pipeline(Unit&) {}
};

} // namespace tsir
