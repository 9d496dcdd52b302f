#include "lib/render/dot/job.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/base/setting.h"
#include "lib/ir/walk.h"
#include "lib/pass/observers/note.h"
#include "lib/process/phase.h"
#include "lib/render/dot/changes.h"
#include "lib/render/dot/collapse.h"
#include "lib/render/dot/heat.h"
#include "lib/render/dot/output.h"
#include "lib/run/threads.h"

namespace tsir {
namespace {

// The unit before the passes, as far as a drawing needs it.
struct Original {
  GraphPtr graph;
  std::optional<jit::Module> module;
};

Prepared unit_before_passes(const DrawJob& job, const DrawHooks& hooks) {
  set_threads(job.workload.threads);
  return prepare(job.workload, job.passes, {.run = job.color_by.has_value()}, hooks.warn);
}

void run_passes(const DrawJob& job, const DrawHooks& hooks, Prepared& prepared) {
  NoteObserver notes(hooks.notes ? hooks.notes : [](const std::string&) {});
  const std::array<Observer*, 1> observers = {&notes};
  job.passes.run(prepared.unit, prepared.run_settings(), observers);
}

GraphPtr graph_to_compare(const DrawJob& job, const Unit& unit) {
  return job.draw.inline_calls ? inlined(*unit.graph()) : unit.graph()->copy();
}

Readable changes_of(const DrawJob& job, const BuildSettings& build, const Original& before, const Unit& after) {
  const GraphPtr graph = graph_to_compare(job, after);
  return draw_readable_changes({*before.graph, before.module ? &*before.module : nullptr}, {*graph, build.module},
                               build, job.most_boxes.value_or(SIZE_MAX));
}

// `modules`: see BuildSettings.
Readable drawing_of(const DrawJob& job, const Original& before, const Unit& unit,
                    const std::vector<std::vector<ModuleStep>>* modules = nullptr) {
  DrawSettings settings = job.draw;
  settings.build.module = unit.has_module() ? &unit.module() : nullptr;
  if (settings.build.title.empty()) {
    const std::string passes = job.passes.text();
    settings.build.title =
        drawing_title(job.workload.source.file, unit.has_module() ? unit.name() : "", job.before_after ? "" : passes);
    settings.build.title += job.before_after ? " · changed by " + passes : "";
  }
  if (job.before_after) {
    return changes_of(job, settings.build, before, unit);
  }
  settings.build.modules = modules;
  return job.most_boxes ? draw_readable(*unit.graph(), settings, *job.most_boxes)
                        : Readable{draw(*unit.graph(), settings), "", /*everything=*/true, std::nullopt};
}

NodeMeasures measures_of(const DrawJob& job, const Prepared& prepared) {
  const Unit& unit = prepared.unit;
  const std::vector<c10::IValue>& inputs = *prepared.inputs();
  if (*job.color_by == Measure::drift) {
    return drift_measures(opener(prepared, Pipeline())(), unit, *unit.graph(),
                          {.inputs = inputs, .grad = prepared.grad, .seed = job.workload.inputs.seed});
  }
  if (*job.color_by == Measure::time) {
    constexpr double seconds = 2;
    return time_measures(unit, *unit.graph(), inputs, prepared.grad, seconds);
  }
  const AnalysisInput run = analysis_input_of(unit, &inputs, prepared.grad);
  return cost_measures(run, cost_of(run), *job.color_by);
}

// Nodes are measured where they are drawn: in the graph with all calls inlined.
Readable coloured_drawing_of(const DrawJob& job, Prepared& prepared) {
  const OpenedGraph opened = inlined_with_modules(*prepared.unit.graph());
  prepared.unit.replace_graph(*opened.graph);
  const NodeMeasures measures = measures_of(job, prepared);
  Readable readable = drawing_of(job, {}, prepared.unit, &opened.modules);
  color_by(readable.drawing, measures);
  readable.drawing.title += "\ncolour: " + readable.drawing.scale->title;
  return readable;
}

// Says in the title which level of detail it is, and how to see more.
void note_level(Readable& readable, const DrawHooks& hooks, DrawOutcome& outcome) {
  if (readable.everything) {
    return;
  }
  outcome.level = readable.level;
  outcome.finer = hooks.finer_command ? hooks.finer_command(readable.next_finer) : "";
  readable.drawing.title += "\nlevel of detail: " + outcome.level;
  readable.drawing.title += outcome.finer.empty() ? "" : "\nfiner: " + outcome.finer;
}

} // namespace

DrawOutcome draw(const DrawJob& job, const DrawHooks& hooks) {
  const std::string format = drawing_format(job.output);
  if (job.color_by == Measure::drift && job.passes.empty()) {
    throw Error(ErrorKind::usage, fmt::format("{} drift compares with the state before passes: give {}",
                                              spelled(Setting::color_by), spelled(Setting::passes)));
  }
  if (!job.output.empty()) {
    check_writable(job.output);
  }
  Prepared prepared = unit_before_passes(job, hooks);
  Original before;
  if (job.before_after) {
    before.graph = graph_to_compare(job, prepared.unit);
    before.module = prepared.unit.has_module() ? std::optional(prepared.unit.module()) : std::nullopt;
  }
  run_passes(job, hooks, prepared);

  const std::string& file = job.workload.source.file;
  const Phase phase(fmt::format("drawing {}", file));
  Readable readable = job.color_by ? coloured_drawing_of(job, prepared) : drawing_of(job, before, prepared.unit);
  DrawOutcome outcome;
  note_level(readable, hooks, outcome);
  Rendered rendered = write_drawing(readable.drawing, format, job.dot, {job.layout_limit, hooks.progress});
  outcome.content = std::move(rendered.bytes);
  outcome.simplified = std::move(rendered.simplified);
  outcome.graphviz_warning = std::move(rendered.warning);
  if (!job.output.empty()) {
    write_file(job.output, outcome.content);
  }
  return outcome;
}

} // namespace tsir
