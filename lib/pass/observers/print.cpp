#include "lib/pass/observers/print.h"

#include "lib/base/setting.h"
#include "lib/base/text_diff.h"
#include "lib/pass/pipeline.h"

namespace tsir {
namespace {

// A comment in .ir text, so that the output can be parsed again.
std::string header(const PassEvent& event, const Unit& unit, std::string_view when, const std::string& passes,
                   std::string_view remark = "") {
  return fmt::format("# {} {} ({} of {}) on {}{}; {} '{}'\n", when, event.use.text(), event.index + 1, event.count,
                     unit.name(), remark, spelled(Setting::passes), passes);
}

} // namespace

void PrintObserver::before_pass(const PassEvent& event, Unit& unit) {
  if (before_.matches(event.use.row->name)) {
    sink_(header(event, unit, "before", event.before_text) + to_text(*unit.graph(), settings_));
  }
}

void PrintObserver::after_pass(const PassEvent& event, Unit& unit) {
  if (after_.matches(event.use.row->name)) {
    sink_(header(event, unit, "after", event.pipeline_text, event.changed ? "" : ", unchanged") +
          to_text(*unit.graph(), settings_));
  }
}

void PrintObserver::pass_failed(const PassEvent& event, Unit& unit, const std::string& what) {
  if (after_.matches(event.use.row->name)) {
    sink_(header(event, unit, "failed in", event.pipeline_text, ": " + what));
  }
}

void ChangeObserver::before_pipeline(Unit& unit) {
  previous_ = to_text(*unit.graph(), settings_);
}

void ChangeObserver::after_pass(const PassEvent& event, Unit& unit) {
  if (!event.changed) {
    sink_(header(event, unit, "unchanged by", event.pipeline_text, event.note.empty() ? "" : ": " + event.note));
    return;
  }
  const std::string text = to_text(*unit.graph(), settings_);
  const std::string shown = diff_ ? unified_diff(previous_, text, color_) : text;
  // The printed text leaves out the contents of large constants and the module's other methods.
  sink_(header(event, unit, "changed by", event.pipeline_text,
               diff_ && shown.empty()
                   ? ": only in parts that the text does not show (contents of constants, other methods)"
                   : "") +
        shown);
  previous_ = text;
}

} // namespace tsir
