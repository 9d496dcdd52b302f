// One state of a unit, before or after a pass, as far as a report shows it. Private to lib/report.
#pragma once

#include "lib/analysis/cost.h"
#include "lib/render/dot/levels.h"
#include "lib/report/page/data.h"

namespace tsir {

struct StateSettings {
  const std::vector<c10::IValue>* inputs = nullptr; // to observe types; nullptr: nothing is run
  bool grad = false;
  bool draw = true;
  size_t most_boxes = most_readable;
  double time_seconds = 0; // for measuring the time of each node; 0: it is not measured
};

struct UnitState {
  std::string text; // the graph; numbers of values are kept
  GraphPtr graph;   // inlined; values are named as in the drawing, types are as observed
  Readable drawing; // empty if nothing is drawn
  std::vector<ReportBox> boxes;
  std::vector<ReportFrame> frames;
  std::string problem; // why the unit was not run, although there are inputs; "" if it was
};

// Copies what it needs: the unit may change afterwards.
UnitState state_of(const Unit& unit, const StateSettings& settings);

// The boxes of two drawings that show the same, by the matching of `tsir diff`.
std::vector<ReportPartner> partners_of(const UnitState& before, const UnitState& after);

} // namespace tsir
