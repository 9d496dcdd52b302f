// Writes a unit as a .pt that is known to load, or a graph as text.
#pragma once

#include "lib/model/unit.h"

namespace tsir {

// Saves the module to `path` after it was written to a temporary file, loaded back, and (where `inputs` is given) found
// to give the same outputs. Throws Error(check) that names the first node or constant that a .pt cannot carry.
void save_module(Unit& unit, const std::string& path, const std::vector<c10::IValue>* inputs);

// The first thing in the module's graphs that a .pt cannot carry ("prim::TensorExprGroup in forward, at m.py:12"), or
// "".
std::string unsavable(const Unit& unit);

} // namespace tsir
