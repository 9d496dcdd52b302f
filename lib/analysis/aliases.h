// Which values of a graph may share memory, from LibTorch's alias analysis (torch::jit::AliasDb).
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

struct Aliases {
  using Values = std::vector<const jit::Value*>;
  // Sets of two or more values that may share memory. "May alias" is not transitive: two values are in one set even if
  // each of them may only share memory with a third one.
  std::vector<Values> sets;
  // Values that may share memory with each other and with anything outside of the graph: the graph's inputs, values
  // read from modules, and values that go through containers that LibTorch does not follow.
  Values wildcard;
  size_t alone = 0; // number of values whose memory is not shared with any other value

  struct Container {
    const jit::Value* value = nullptr; // a list, tuple, dict or object
    Values contents;                   // values outside of the wildcard set that it may contain
    bool holds_wildcard = false;       // it may also contain values of the wildcard set
  };
  std::vector<Container> containers;

  struct Write {
    const jit::Node* node = nullptr;
    Values values;            // values outside of the wildcard set that it may write to
    bool to_wildcard = false; // it may write to the wildcard set, and so to the graph's inputs
  };
  std::vector<Write> writes;

  struct Output {
    const jit::Value* value = nullptr;
    bool may_be_input = false; // may share memory with an input of the graph, or contain such a value
  };
  std::vector<Output> outputs;
};

// `graph` must not contain calls, because LibTorch does not know what they do. Throws Error(pass) if LibTorch cannot
// analyse the graph, for example because of unknown operators.
Aliases aliases_of(const GraphPtr& graph);

} // namespace tsir
