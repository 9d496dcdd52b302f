#include "lib/pass/needs.h"

#include "lib/pass/refused.h"

namespace tsir {

void check_input_count(const Unit& unit, const std::vector<c10::IValue>& inputs) {
  const size_t taken = unit.graph()->inputs().size() - (unit.has_module() ? 1 : 0);
  if (taken != inputs.size()) {
    throw Refused(fmt::format("{} takes {} inputs, not {}", unit.name(), taken, inputs.size()));
  }
}

void check_needs(const PassRow& row, const Unit& unit, const std::vector<c10::IValue>* inputs) {
  const auto needs = [&](Need need) { return std::ranges::find(row.needs, need) != row.needs.end(); };
  if (needs(Need::module) && !unit.has_module()) {
    throw Refused(std::string(to_advice(Need::module)));
  }
  if (needs(Need::inputs) && inputs == nullptr) {
    throw Refused(std::string(to_advice(Need::inputs)));
  }
  if (row.kind == PassKind::profiled && inputs == nullptr) {
    throw Refused(fmt::format("it needs tensor types with shapes, which tsir gets by running the unit: {}",
                              to_advice(Need::inputs)));
  }
  if (needs(Need::inputs) || row.kind == PassKind::profiled) {
    check_input_count(unit, *inputs);
  }
}

} // namespace tsir
