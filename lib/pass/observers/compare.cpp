#include "lib/pass/observers/compare.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/pass/pipeline.h"
#include "lib/process/phase.h"
#include "lib/run/outputs.h"

namespace tsir {

std::vector<c10::IValue> CompareObserver::run(const Unit& unit) const {
  const Phase phase(fmt::format("running {} to compare its outputs", unit.name()));
  return outputs_of(unit, inputs_, seed_, grad_);
}

void CompareObserver::before_pipeline(Unit& unit) {
  reference_ = run(unit);
}

void CompareObserver::after_pass(const PassEvent& event, Unit& unit) {
  const std::string name = event.use.text();
  if (!event.changed) {
    sink_(fmt::format("compare {}: unchanged, not run\n", name));
    return;
  }
  const Difference difference = tsir::compare(reference_, run(unit), tolerance_);
  if (difference.identical) {
    sink_(fmt::format("compare {}: outputs identical\n", name));
  } else if (difference.same) {
    sink_(fmt::format("compare {}: outputs equal within tolerance, at most {:.3g} absolute, {:.3g} relative\n", name,
                      difference.max_absolute, difference.max_relative));
  } else {
    sink_(fmt::format("compare {}: outputs DIFFER: {}\n", name, difference.what));
    if (failure_.empty()) {
      failure_ = fmt::format("outputs differ after pass {}: {}; reproduced by {} '{}'", name, difference.what,
                             spelled(Setting::passes), event.pipeline_text);
    }
  }
}

void CompareObserver::after_pipeline(Unit&) {
  if (!failure_.empty()) {
    throw Error(ErrorKind::check, failure_);
  }
}

} // namespace tsir
