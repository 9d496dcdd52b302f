#include "lib/pass/observers/compare.h"

#include "lib/core/error.h"
#include "lib/core/phase.h"
#include "lib/pass/pipeline.h"
#include "lib/run/runnable.h"
#include "lib/run/state.h"

namespace tsir {

c10::IValue CompareObserver::outputs_of(const Unit& unit) const {
  const Phase phase(fmt::format("running {} to compare its outputs", unit.name()));
  std::optional<ModuleState> state;
  if (unit.has_module()) {
    state.emplace(unit.module());
  }
  seed_generators(seed_);
  const Runnable runnable(unit, Executor::as_is, grad_);
  std::vector<c10::IValue> inputs;
  for (const c10::IValue& input : inputs_) {
    inputs.push_back(deep_copy(input)); // a model may change its inputs in place
  }
  // Copied: an output may be a buffer that restoring the state changes again.
  c10::IValue outputs = deep_copy(c10::ivalue::Tuple::create(runnable.run(inputs)));
  if (state) {
    state->restore();
  }
  return outputs;
}

void CompareObserver::before_pipeline(Unit& unit) { reference_ = outputs_of(unit); }

void CompareObserver::after_pass(const PassEvent& event, Unit& unit) {
  const std::string name = event.use.text();
  if (!event.changed) {
    sink_(fmt::format("compare {}: unchanged, not run\n", name));
    return;
  }
  const Difference difference = compare(reference_, outputs_of(unit), tolerance_);
  if (difference.identical) {
    sink_(fmt::format("compare {}: outputs identical\n", name));
  } else if (difference.same) {
    sink_(fmt::format("compare {}: outputs equal within tolerance, at most {:.3g} absolute, {:.3g} relative\n", name,
                      difference.max_absolute, difference.max_relative));
  } else {
    sink_(fmt::format("compare {}: outputs DIFFER: {}\n", name, difference.what));
    if (failure_.empty()) {
      failure_ = fmt::format("outputs differ after pass {}: {}; reproduced by --passes '{}'", name, difference.what,
                             event.pipeline_text);
    }
  }
}

void CompareObserver::after_pipeline(Unit&) {
  if (!failure_.empty()) {
    throw Error(ErrorKind::check, failure_);
  }
}

} // namespace tsir
