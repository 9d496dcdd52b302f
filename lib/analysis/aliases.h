// What may share memory in a graph, by LibTorch's alias analysis (torch::jit::AliasDb).
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

struct Aliases {
  using Values = std::vector<const jit::Value*>;
  // Values that may share memory with one another, two or more a set. "May" is no equivalence: here two values are in
  // one set also where only a third one may be shared with both.
  std::vector<Values> sets;
  // Values that may be shared with anything from outside the graph, and with one another: the graph's inputs, what is
  // read from modules, and what goes through containers that LibTorch does not follow.
  Values wildcard;
  size_t alone = 0; // values with memory that nothing else may share

  struct Container {
    const jit::Value* value = nullptr; // a list, tuple, dict or object
    Values contents;                   // values outside the wildcard set that it may hold
    bool holds_wildcard = false;       // besides, what is in the wildcard set
  };
  std::vector<Container> containers;

  struct Write {
    const jit::Node* node = nullptr;
    Values values;            // outside the wildcard set that it may write to
    bool to_wildcard = false; // it may write to the wildcard set, and so to the graph's inputs
  };
  std::vector<Write> writes;

  struct Output {
    const jit::Value* value = nullptr;
    bool may_be_input = false; // may share memory with an input of the graph, or hold what does
  };
  std::vector<Output> outputs;
};

// `graph` without calls: LibTorch knows nothing of what they do. Throws Error(pass) where LibTorch cannot analyse the
// graph, as with operators that it does not know.
Aliases aliases_of(const GraphPtr& graph);

} // namespace tsir
