// Restores the state of a module that runs may change (buffers, plain attributes) and the random generators, so that
// even a model that counts its calls starts each run from the same state.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

class ModuleState {
public:
  // Copies every attribute that is not a parameter. Parameters are not copied, because forward does not change them.
  explicit ModuleState(const jit::Module& module);
  // Restores the values. Tensors are restored in place, so that tensors that share their storage are restored too.
  void restore() const;

private:
  struct Slot {
    c10::intrusive_ptr<c10::ivalue::Object> owner;
    size_t index;
    c10::IValue original; // the original object itself
    c10::IValue copy;
  };
  std::vector<Slot> slots_;
};

// The tensors that a graph holds as constants. A run may write to them if tracing captured a tensor, or if a pass
// turned a tensor that is written to into a constant. The next run then reads what was written.
class ConstantState {
public:
  // Copies the tensors if the graph has an operator that writes to an input.
  explicit ConstantState(const jit::Graph& graph);
  // Whether one of them has been written to since it was copied or restored.
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

// Seeds LibTorch's default generators, so that random operators such as dropout draw the same numbers in every run.
void seed_generators(uint64_t seed);

} // namespace tsir
