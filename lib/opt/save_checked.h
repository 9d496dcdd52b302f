// A module saved and checked.
#pragma once

#include "lib/model/unit.h"

namespace tsir {

enum class SaveCheck {
  loads,          // it was loaded back; there were no inputs to run it on
  same_outputs,   // on the inputs it gives the same outputs as the unit
  inputs_changed, // it was loaded back; a pass changed what the method takes, so the inputs do not fit any more
};

// Saves the module to `path`, loads it back, and compares its outputs on `inputs` (without self; nullptr for none) with
// those of the unit. `seed`: of the random generators; `grad`: run with autograd. Throws Error(check) if the outputs
// differ or the module cannot be saved; no file is written then.
SaveCheck save_checked(Unit& unit, const std::string& path, const std::vector<c10::IValue>* inputs, uint64_t seed,
                       bool grad);

} // namespace tsir
