#include "lib/pass/observers/note.h"

#include "lib/pass/pipeline.h"

namespace tsir {

void NoteObserver::before_pass(const PassEvent& event, Unit& unit) {
  if (event.use.row->kind == PassKind::profiled) {
    sink_(fmt::format("tsir: running {} on the example inputs, for the types that {} needs\n", unit.name(),
                      event.use.row->name));
  }
}

void NoteObserver::after_pass(const PassEvent& event, Unit&) {
  if (!event.note.empty()) {
    sink_(fmt::format("tsir: {}: {}\n", event.use.row->name, event.note));
  }
}

} // namespace tsir
