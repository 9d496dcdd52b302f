#include "lib/workload/workload.h"

#include "lib/archive/archive.h"
#include "lib/model/load/load.h"
#include "lib/model/traced_inputs.h"
#include "lib/model/typed_inputs.h"
#include "lib/process/phase.h"
#include "lib/run/device.h"

#include <fmt/ranges.h>

namespace tsir {
namespace {

bool needs_inputs(const PassRow& row) {
  return row.kind == PassKind::profiled || std::ranges::find(row.needs, Need::inputs) != row.needs.end();
}

// The texts of the inputs that the file itself has: those of a trace, or the types of a text. Empty if it has none.
std::vector<std::string> inputs_of_file(const OpenedModel& model, const Unit& unit) {
  return model.is_text() ? typed_inputs(unit) : model.traced_inputs(shown_method(model.source(), unit));
}

// Makes one input set for each seed; fewer if the seed does not change the inputs.
std::vector<std::vector<c10::IValue>> make_input_sets(const Workload& workload, const OpenedModel& model, Unit& unit,
                                                      c10::Device device, const Warn& warn) {
  InputSettings settings = workload.inputs;
  if (!gives_inputs(workload) && !(unit.has_module() && bundles_inputs(unit.module(), unit.name()))) {
    settings.inputs = inputs_of_file(model, unit);
    if (warn && model.is_text() && !settings.inputs.empty()) {
      warn({.path = workload.source.file,
            .line = 0,
            .column = 0,
            .what = fmt::format("the inputs are made from the types in the text: {}", fmt::join(settings.inputs, ", ")),
            .excerpt = ""});
    }
  }
  settings.device = device;
  std::vector<std::vector<c10::IValue>> sets;
  for (size_t i = 0; i < std::max<size_t>(workload.sets, 1); ++i) {
    settings.seed = workload.inputs.seed + i;
    sets.push_back(make_inputs(settings, unit.schema(), unit.has_module() ? &unit.module() : nullptr));
    if (i > 0 && compare(sets.front(), sets.back()).identical) {
      sets.pop_back();
      break;
    }
  }
  return sets;
}

} // namespace

c10::Device device_of(const Workload& workload) {
  if (workload.device != "cpu") {
    const TimeLimit limit(workload.source.open_limit);
    load_libraries(workload.source.libraries);
  }
  return parse_device(workload.device);
}

bool gives_inputs(const Workload& workload) {
  const InputSettings& inputs = workload.inputs;
  return !inputs.inputs.empty() || !inputs.file.empty() || !inputs.whole.empty();
}

std::string shown_method(const UnitSource& source, const Unit& unit) {
  return source.method.empty() ? unit.name() : source.method;
}

bool has_own_inputs(const OpenedModel& model, const Unit& unit) {
  return (unit.has_module() && bundles_inputs(unit.module(), unit.name())) || !inputs_of_file(model, unit).empty();
}

Workload with_traced_inputs(Workload workload) {
  const auto bytes = workload.source.file == "-" ? nullptr : Bytes::open(workload.source.file);
  if (bytes && looks_like_zip(*bytes) && !gives_inputs(workload)) {
    const auto traced = traced_inputs(*Archive::open(bytes));
    const auto found = traced.find(workload.source.method.empty() ? "forward" : workload.source.method);
    workload.inputs.inputs = found == traced.end() ? std::vector<std::string>() : found->second;
  }
  return workload;
}

Needs needs_of(const Workload& workload, const Pipeline& pipeline, Purpose purpose) {
  Needs needs{.load = purpose.run || purpose.load, .inputs = purpose.run || purpose.inputs};
  for (const PassUse& use : pipeline.uses()) {
    needs.load = needs.load || use.row->runs_operators || use.row->kind == PassKind::profiled;
    needs.inputs = needs.inputs || needs_inputs(*use.row);
  }
  // If no inputs are given, a method of the module supplies them, so the module must be loaded.
  needs.load = needs.load || (needs.inputs && !gives_inputs(workload));
  return needs;
}

std::shared_ptr<const OpenedModel> open_model(const Workload& workload, const Pipeline& pipeline, Purpose purpose,
                                              const Warn& warn) {
  const OpenMode mode = needs_of(workload, pipeline, purpose).load ? OpenMode::load : OpenMode::inspect;
  return std::make_shared<const OpenedModel>(workload.source, mode, device_of(workload), warn);
}

Prepared prepare(std::shared_ptr<const OpenedModel> model, const Workload& workload, const Pipeline& pipeline,
                 Purpose purpose, size_t graph, const Warn& warn) {
  Unit unit = warn ? model->unit(graph, warn) : model->unit(graph);
  Prepared prepared{.model = std::move(model),
                    .unit = std::move(unit),
                    .device = device_of(workload),
                    .grad = workload.grad,
                    .input_sets = {}};
  if (needs_of(workload, pipeline, purpose).inputs) {
    prepared.input_sets = make_input_sets(workload, *prepared.model, prepared.unit, prepared.device,
                                          warn ? warn : prepared.model->warn());
  }
  return prepared;
}

Prepared prepare(const Workload& workload, const Pipeline& pipeline, Purpose purpose, const Warn& warn) {
  return prepare(open_model(workload, pipeline, purpose, warn), workload, pipeline, purpose);
}

Pipeline start_of(const Workload& workload, const Registry& registry) {
  return Pipeline::parse(workload.start, registry, Setting::start);
}

std::function<Unit()> opener(const Prepared& prepared, const Pipeline& start) {
  return [model = prepared.model, start, device = prepared.device, grad = prepared.grad,
          sets = prepared.input_sets]() -> Unit {
    Unit fresh = model->unit();
    start.run(fresh, {.inputs = sets.empty() ? nullptr : &sets.front(), .device = device, .grad = grad});
    return fresh;
  };
}

} // namespace tsir
