// Why a pass changed nothing.
#pragma once

#include "lib/pass/row.h"

namespace tsir {

// One line for a pass that changed nothing and returned no note: a need that the unit does not meet ("weights are
// attributes, not constants: run freeze first"), or what the pass looks for.
std::string idle_reason(const PassRow& row, const Unit& unit);

} // namespace tsir
