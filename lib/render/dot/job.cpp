#include "lib/render/dot/job.h"

#include "lib/base/output_file.h"
#include "lib/ir/walk.h"
#include "lib/pass/observers/note.h"
#include "lib/process/phase.h"
#include "lib/render/dot/changes.h"
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
  return prepare(job.workload, job.passes, {}, hooks.warn);
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

Readable drawing_of(const DrawJob& job, const Original& before, const Unit& unit) {
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
  return job.most_boxes ? draw_readable(*unit.graph(), settings, *job.most_boxes)
                        : Readable{draw(*unit.graph(), settings), "", /*everything=*/true, std::nullopt};
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
  Readable readable = drawing_of(job, before, prepared.unit);
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
