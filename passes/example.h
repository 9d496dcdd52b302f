// The examples of rows: made into units, and really run.
#pragma once

#include "lib/pass/row.h"

namespace tsir {

// The row's example as a unit of its own. Text that begins with `def` is TorchScript: the methods of a module that has
// one parameter, `weight`. Rows that need frozen weights get them by constant propagation.
Unit example_unit(const PassRow& row);
// Its example inputs; empty where the row has none.
std::vector<c10::IValue> example_inputs(const PassRow& row, const Unit& unit);

struct ExampleRun {
  std::string before; // .ir text
  std::string after;
  std::string note; // what the pass had to say
};

// Runs the row's pass with its default options on its example. Throws whatever the pass throws.
ExampleRun run_example(const PassRow& row);

} // namespace tsir
