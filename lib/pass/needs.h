// The conditions of a pass that can be checked before it runs, whatever the pass does.
#pragma once

#include "lib/pass/row.h"

namespace tsir {

// Throws Refused where the row needs a module or example inputs and there are none, or where the example inputs are not
// as many as the unit takes. `inputs` are without self; nullptr where there are none.
void check_needs(const PassRow& row, const Unit& unit, const std::vector<c10::IValue>* inputs);

// Throws Refused where the unit takes another number of inputs: a pass that ran before may have changed it.
void check_input_count(const Unit& unit, const std::vector<c10::IValue>& inputs);

} // namespace tsir
