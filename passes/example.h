// Builds the examples of rows and runs them.
#pragma once

#include "lib/pass/registry.h"

namespace tsir {

// The row's example as a unit. Text that begins with `def` is TorchScript: the methods of a module that has one
// parameter, `weight` of 3 elements, and the layers that the text names: self.linear (3 to 3; called as
// self.linear.forward), self.conv (3 to 3 channels, 3x3), self.bn (3 channels). `linear(…)` is the function
// torch.nn.functional.linear. If the row needs frozen weights, constant propagation makes them. Then the row's
// example_passes run on the unit.
Unit example_unit(const PassRow& row, const Registry& registry);
// The inputs of the example; empty if the row has none.
std::vector<c10::IValue> example_inputs(const PassRow& row, const Unit& unit);

struct ExampleRun {
  std::string before; // .ir text
  std::string after;
  std::string note;   // the note of the pass
  std::string report; // the report of an analysis
};

// Runs the row's pass with its default options on its example. Throws whatever the pass throws.
ExampleRun run_example(const PassRow& row, const Registry& registry);

} // namespace tsir
