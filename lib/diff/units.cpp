#include "lib/diff/units.h"

#include "lib/diff/module_diff.h"
#include "lib/ir/walk.h"
#include "lib/process/phase.h"

namespace tsir {

DiffReport diff_units(const DiffSide& before, const DiffSide& after, bool inline_calls, const DiffSettings& settings) {
  const Phase phase(fmt::format("comparing {} and {}", before.name, after.name));
  const auto graph_of = [&](const Unit& unit) { return inline_calls ? inlined_to_read(*unit.graph()) : unit.graph(); };
  DiffReport report{.before = before.name, .after = after.name, .graph = {}, .attributes = {}};
  report.graph = diff_graphs(*graph_of(before.unit), *graph_of(after.unit), settings);
  if (before.unit.has_module() && after.unit.has_module()) {
    report.attributes = diff_attributes(before.unit.module(), after.unit.module());
  }
  return report;
}

std::string side_name(const std::string& file, const Unit& unit, const std::string& passes) {
  return file + (unit.has_module() ? " " + unit.name() : "") + (passes.empty() ? "" : " after " + passes);
}

} // namespace tsir
