// What a unit does on sets of example inputs, observed over several calls each: its outputs, what it does to its inputs
// and to its module's buffers, and how its outputs lie in memory.
#pragma once

#include "lib/run/compare.h"
#include "lib/run/runnable.h"
#include "lib/verify/layout.h"

namespace tsir {

struct ObserveSettings {
  std::vector<std::vector<c10::IValue>> input_sets; // each without self
  size_t calls = 2;                                 // of every set, one after the other: a second call may differ
  uint64_t seed = 0;                                // of the random generators, before every call
  Executor executor = Executor::as_is;
  bool grad = false;
};

struct CallObservation {
  size_t set = 0;    // from 0
  size_t call = 0;   // from 0
  std::string error; // one line where the call threw; then nothing else is known
  std::vector<c10::IValue> outputs;
  std::vector<c10::IValue> inputs_after;
  std::map<std::string, c10::IValue> buffers_after; // attributes that are no parameters and no modules, by full name
  Layout layout;
};

using Behaviour = std::vector<CallObservation>;

// Every set begins with the module's state as it was and fresh copies of the inputs; within a set, buffers stay as the
// call before left them. The module's state is put back. A call that throws is recorded, and the rest of its set left
// out.
Behaviour observe(const Unit& unit, const ObserveSettings& settings);

struct BehaviourDifference {
  Difference outputs;                // over all calls; `where` begins with "inputs 2, call 1, "
  std::vector<std::string> failures; // what must not differ: mutated inputs, buffers, a call that throws
  std::vector<std::string> remarks;  // what may matter: strides, shared storage
  bool same() const { return outputs.same && failures.empty(); }
};

// Compares what a changed unit does with what it did at the start. Buffers that the changed unit no longer has count
// only where the reference changed them.
BehaviourDifference compare(const Behaviour& reference, const Behaviour& value, const Tolerance& tolerance);

} // namespace tsir
