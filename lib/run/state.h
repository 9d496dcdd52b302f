// The changeable state of a module (buffers, plain attributes, the random generators), put back between runs, so that a
// model that counts its calls is given the same start each time.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

class ModuleState {
public:
  // Copies every attribute that is no parameter. Parameters are not copied: forward does not change them.
  explicit ModuleState(const jit::Module& module);
  // Puts the values back: tensors in place, so that whatever shares their storage sees them too.
  void restore() const;

private:
  struct Slot {
    c10::intrusive_ptr<c10::ivalue::Object> owner;
    size_t index;
    c10::IValue original; // the very value that was there
    c10::IValue copy;
  };
  std::vector<Slot> slots_;
};

// The tensors that a graph holds as constants. A run may write to them where a tensor was caught by tracing, or where a
// pass made a constant of what is written to; the next run reads what it left.
class ConstantState {
public:
  // Copies the tensors where the graph has an operator that writes to an input.
  explicit ConstantState(const jit::Graph& graph);
  // Whether one of them was written to since it was copied or put back.
  bool written() const;
  void restore();

private:
  struct Constant {
    at::Tensor tensor;
    at::Tensor copy;
    int64_t version; // LibTorch counts the writes to a tensor
  };
  std::vector<Constant> constants_;
};

// Seeds LibTorch's default generators, so that dropout and its like draw the same numbers in every run.
void seed_generators(uint64_t seed);

} // namespace tsir
