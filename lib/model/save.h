// Writes a unit as a .pt that is known to load, or a graph as text.
#pragma once

#include "lib/model/unit.h"

namespace tsir {

// Saves the module to `path` once what was written to a temporary file has been loaded back and, where a check is
// given, has passed it: the check throws where the loaded unit is not as it should be, and nothing is kept then. Throws
// Error(check) that names the first node or constant that a .pt cannot carry.
void save_module(Unit& unit, const std::string& path, const std::function<void(const Unit& again)>& check = {});

// The first thing in the module's graphs that a .pt cannot carry ("prim::TensorExprGroup in forward, at m.py:12"), or
// "".
std::string unsavable(const Unit& unit);

} // namespace tsir
