#include "lib/verify/behaviour.h"

#include "lib/base/error.h"
#include "lib/run/state.h"

namespace tsir {
namespace {

std::map<std::string, c10::IValue> buffers_of(const Unit& unit) {
  std::map<std::string, c10::IValue> found;
  if (!unit.has_module()) {
    return found;
  }
  for (const auto& part : unit.module().named_modules()) {
    const auto object = part.value._ivalue();
    const auto type = object->type();
    for (size_t i = 0; i < type->numAttributes(); ++i) {
      const c10::IValue value = object->getSlot(i);
      if (!type->is_parameter(i) && !type->getAttribute(i)->is_module() && !value.isCapsule() && !value.isObject()) {
        found.emplace((part.name.empty() ? "" : part.name + ".") + type->getAttributeName(i), value);
      }
    }
  }
  return found;
}

Layout layout_of(const std::vector<c10::IValue>& outputs, const std::vector<c10::IValue>& inputs,
                 const std::map<std::string, c10::IValue>& buffers) {
  LayoutReader reader;
  for (size_t i = 0; i < outputs.size(); ++i) {
    reader.add(fmt::format("output {}", i), outputs[i]);
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    reader.add(fmt::format("input {}", i), inputs[i]);
  }
  for (const auto& [name, value] : buffers) {
    reader.add("buffer " + name, value);
  }
  return reader.layout();
}

CallObservation observe_call(const Unit& unit, const Runnable& runnable, const std::vector<c10::IValue>& inputs,
                             uint64_t seed) {
  CallObservation seen;
  const std::vector<c10::IValue> given = deep_copies(inputs);
  seed_generators(seed);
  try {
    const std::vector<c10::IValue> outputs = runnable.run(given);
    const auto buffers = buffers_of(unit);
    seen.layout = layout_of(outputs, given, buffers);
    seen.outputs = deep_copies(outputs);
    seen.inputs_after = deep_copies(given);
    for (const auto& [name, value] : buffers) {
      seen.buffers_after.emplace(name, deep_copy(value));
    }
  } catch (const std::exception& error) {
    seen.error = one_line(error);
  }
  return seen;
}

} // namespace

Behaviour observe(const Unit& unit, const ObserveSettings& settings) {
  Behaviour all;
  std::optional<ModuleState> state;
  if (unit.has_module()) {
    state.emplace(unit.module());
  }
  ConstantState constants(*unit.graph());
  for (size_t set = 0; set < settings.input_sets.size(); ++set) {
    const Runnable runnable(unit, settings.executor, settings.grad);
    for (size_t call = 0; call < settings.calls; ++call) {
      all.push_back(observe_call(unit, runnable, settings.input_sets[set], settings.seed + call));
      all.back().set = set;
      all.back().call = call;
      if (!all.back().error.empty()) {
        break;
      }
    }
    if (state) {
      state->restore();
    }
    constants.restore();
  }
  return all;
}

} // namespace tsir
