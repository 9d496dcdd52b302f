// What happens in an instance that has settled on inputs of one shape when others come: an executor that specialises
// profiles and compiles once more.
#pragma once

#include "lib/bench/timing/protocol.h"
#include "lib/bench/variants/variant.h"

namespace tsir {

// Nanoseconds of single calls of one instance, in the order in which they are made.
struct ShapeChange {
  size_t variant = 0;
  size_t from = 0; // places in the list of targets
  size_t to = 0;
  double settled = 0; // warmed up with `from`
  double first = 0;   // then the first call with `to`, …
  double second = 0;
  double settled_again = 0; // … and those once they have settled
  size_t calls = 0;         // with `to`, until they had
  double back_first = 0;    // then with `from` again
  double back_second = 0;
  std::string failure; // one line where a call threw; then the numbers mean nothing
};

// From the first target to each of the others, an instance each. The targets are alike but for their inputs.
std::vector<ShapeChange> shape_changes(const std::vector<BenchTarget>& targets, const std::vector<VariantSpec>& specs,
                                       const std::vector<size_t>& variants, const WarmupSettings& settings,
                                       Clock& clock, const Hooks& hooks);

} // namespace tsir
