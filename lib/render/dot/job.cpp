#include "lib/render/dot/job.h"

#include "lib/base/output_file.h"
#include "lib/pass/observers/note.h"
#include "lib/process/phase.h"
#include "lib/render/dot/output.h"
#include "lib/run/threads.h"

namespace tsir {
namespace {

// The unit after the passes.
Unit unit_to_draw(const DrawJob& job, const DrawHooks& hooks) {
  set_threads(job.workload.threads);
  Prepared prepared = prepare(job.workload, job.passes, {}, hooks.warn);
  NoteObserver notes(hooks.notes ? hooks.notes : [](const std::string&) {});
  const std::array<Observer*, 1> observers = {&notes};
  job.passes.run(prepared.unit, prepared.run_settings(), observers);
  return std::move(prepared.unit);
}

Drawing drawing_of(const DrawJob& job, const Unit& unit) {
  DrawSettings settings = job.draw;
  settings.build.module = unit.has_module() ? &unit.module() : nullptr;
  if (settings.build.title.empty()) {
    settings.build.title =
        drawing_title(job.workload.source.file, unit.has_module() ? unit.name() : "", job.passes.text());
  }
  return draw(*unit.graph(), settings);
}

} // namespace

DrawOutcome draw(const DrawJob& job, const DrawHooks& hooks) {
  const std::string format = drawing_format(job.output);
  if (!job.output.empty()) {
    check_writable(job.output);
  }
  const Unit unit = unit_to_draw(job, hooks);

  const std::string& file = job.workload.source.file;
  const Phase phase(fmt::format("drawing {}", file));
  const Drawing drawing = drawing_of(job, unit);
  DrawOutcome outcome;
  if (!job.force) {
    outcome.too_large = check_drawing_size(drawing, format, file);
  }
  Rendered rendered = write_drawing(drawing, format, job.dot);
  outcome.content = std::move(rendered.bytes);
  outcome.graphviz_warning = std::move(rendered.warning);
  if (!job.output.empty()) {
    write_file(job.output, outcome.content);
  }
  return outcome;
}

} // namespace tsir
