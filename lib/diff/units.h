// Compares two units: their graphs and, if both have a module, the attributes of the modules.
#pragma once

#include "lib/diff/diff_report.h"
#include "lib/model/unit.h"

namespace tsir {

struct DiffSide {
  const Unit& unit;
  std::string name; // "m.pt forward after freeze-module"
};

// `inline_calls` compares the graphs with all calls inlined; otherwise calls are not followed.
DiffReport diff_units(const DiffSide& before, const DiffSide& after, bool inline_calls,
                      const DiffSettings& settings = {});

// "m.pt forward after freeze-module"; `passes` may be empty.
std::string side_name(const std::string& file, const Unit& unit, const std::string& passes);

} // namespace tsir
