// Observes what a unit does on sets of example inputs, over several calls each: its outputs, its changes of inputs and
// of the module's buffers, and the memory layout of its outputs.
#pragma once

#include "lib/run/compare.h"
#include "lib/run/runnable.h"
#include "lib/verify/layout.h"

namespace tsir {

struct ObserveSettings {
  std::vector<std::vector<c10::IValue>> input_sets; // each without self
  size_t calls = 2;                                 // successive calls of every set: a second call may differ
  uint64_t seed = 0;                                // of the random generators, before every call
  Executor executor = Executor::as_is;
  bool grad = false;
};

struct CallObservation {
  size_t set = 0;    // from 0
  size_t call = 0;   // from 0
  std::string error; // one line, if the call threw; then nothing else is known
  std::vector<c10::IValue> outputs;
  std::vector<c10::IValue> inputs_after;
  std::map<std::string, c10::IValue> buffers_after; // attributes other than parameters and modules, by full name
  Layout layout;
};

using Behaviour = std::vector<CallObservation>;

// Every set begins with the module's original state and fresh copies of the inputs. Within a set, buffers keep what the
// call before left in them. Finally the module's state is restored. A call that throws is recorded, and the rest of its
// set is left out.
Behaviour observe(const Unit& unit, const ObserveSettings& settings);

struct BehaviourDifference {
  Difference outputs;                // over all calls; `where` begins with "inputs 2, call 1, "
  std::vector<std::string> failures; // differences that are errors: mutated inputs, buffers, a call that throws
  std::vector<std::string> remarks;  // differences that may matter: strides, shared storage
  bool same() const { return outputs.same && failures.empty(); }
};

// Compares the behaviour of a changed unit with that of the start. Buffers that the changed unit no longer has are not
// compared.
BehaviourDifference compare(const Behaviour& reference, const Behaviour& value, const Tolerance& tolerance);

} // namespace tsir
