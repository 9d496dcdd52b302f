// Writes a unit as a .pt file that is verified to load, or a graph as text.
#pragma once

#include "lib/model/unit.h"

namespace tsir {

// What is written beside the module.
struct SaveBeside {
  std::map<std::string, std::string> extra_files = {}; // contents, by name
  bool lite_bytecode = false;                          // for LibTorch's lite interpreter, if it can be made
};

// Saves the module to a temporary file, loads that file again, calls `check` (if given) on the loaded unit, and then
// moves it to `path`. If `check` throws, no file is written. Returns what was written beside it: without lite bytecode
// if LibTorch cannot make it. Throws an Error(check) that names the first node or constant that a .pt file cannot
// contain.
SaveBeside save_module(Unit& unit, const std::string& path, SaveBeside beside = {},
                       const std::function<void(const Unit& again)>& check = {});

// The first item in the module's graphs that a .pt file cannot contain ("prim::TensorExprGroup in forward, at
// m.py:12"), or "".
std::string unsavable(const Unit& unit);

} // namespace tsir
