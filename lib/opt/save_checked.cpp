#include "lib/opt/save_checked.h"

#include "lib/base/error.h"
#include "lib/model/save.h"
#include "lib/run/compare.h"
#include "lib/run/outputs.h"

namespace tsir {

SaveCheck save_checked(Unit& unit, const std::string& path, const std::vector<c10::IValue>* inputs, uint64_t seed,
                       bool grad) {
  const bool fits = inputs != nullptr && unit.stack(*inputs).size() == unit.graph()->inputs().size();
  save_module(unit, path, [&](const Unit& again) {
    if (!fits) {
      return;
    }
    const Difference difference =
        compare(outputs_of(unit, *inputs, seed, grad), outputs_of(again, *inputs, seed, grad));
    if (!difference.same) {
      throw Error(ErrorKind::check,
                  fmt::format("{} was not written: loaded back, its outputs differ: {}", path, difference.what));
    }
  });
  return fits ? SaveCheck::same_outputs : inputs != nullptr ? SaveCheck::inputs_changed : SaveCheck::loads;
}

} // namespace tsir
