// The examples of rows: made into units, and really run.
#pragma once

#include "lib/pass/registry.h"

namespace tsir {

// The row's example as a unit of its own. Text that begins with `def` is TorchScript: the methods of a module that has
// one parameter, `weight` of 3 elements, and the layers that the text names: self.linear (3 to 3; called as
// self.linear.forward), self.conv (3 to 3 channels, 3x3), self.bn (3 channels). `linear(…)` is the function
// torch.nn.functional.linear. Rows that need frozen weights get them by constant propagation. Then the row's
// example_passes run on it.
Unit example_unit(const PassRow& row, const Registry& registry);
// Its example inputs; empty where the row has none.
std::vector<c10::IValue> example_inputs(const PassRow& row, const Unit& unit);

struct ExampleRun {
  std::string before; // .ir text
  std::string after;
  std::string note;   // what the pass had to say
  std::string report; // of an analysis
};

// Runs the row's pass with its default options on its example. Throws whatever the pass throws.
ExampleRun run_example(const PassRow& row, const Registry& registry);

} // namespace tsir
