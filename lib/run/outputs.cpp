#include "lib/run/outputs.h"

#include "lib/base/error.h"
#include "lib/run/compare.h"
#include "lib/run/runnable.h"
#include "lib/run/state.h"

namespace tsir {
namespace {

std::vector<c10::IValue> run_from_state(const Unit& unit, const std::vector<c10::IValue>& inputs, uint64_t seed,
                                        bool grad) {
  std::optional<ModuleState> state;
  if (unit.has_module()) {
    state.emplace(unit.module());
  }
  seed_generators(seed);
  // The inputs are copied, because a model may change them in place. The outputs are copied, because an output may be a
  // buffer that restoring the state changes again.
  std::vector<c10::IValue> outputs = deep_copies(Runnable(unit, Executor::as_is, grad).run(deep_copies(inputs)));
  if (state) {
    state->restore();
  }
  return outputs;
}

} // namespace

std::vector<c10::IValue> outputs_of(const Unit& unit, const std::vector<c10::IValue>& inputs, uint64_t seed,
                                    bool grad) {
  ConstantState constants(*unit.graph());
  std::vector<c10::IValue> outputs = run_from_state(unit, inputs, seed, grad);
  if (constants.written()) {
    const Difference second = compare(outputs, run_from_state(unit, inputs, seed, grad));
    constants.restore();
    if (!second.same) {
      throw Error(ErrorKind::check, fmt::format("{} writes to a constant of its graph, so a second run gives different "
                                                "outputs: {}; tsir verify compares such a graph call by call",
                                                unit.name(), second.what));
    }
  }
  return outputs;
}

} // namespace tsir
