#include "lib/pass/observers/report.h"

#include "lib/base/setting.h"
#include "lib/pass/pipeline.h"

namespace tsir {

void ReportObserver::after_pass(const PassEvent& event, Unit& unit) {
  if (event.use.row->kind != PassKind::analysis) {
    return;
  }
  std::string text = fmt::format("# {} on {}; {} '{}'\n", event.use.text(), unit.name(), spelled(Setting::passes),
                                 event.pipeline_text);
  std::istringstream lines(event.report);
  for (std::string line; std::getline(lines, line);) {
    text += line.empty() ? "#\n" : "#   " + line + "\n";
  }
  sink_(text);
}

} // namespace tsir
