// The object of a reduction: a graph, the inputs it is run on, and the passes that show the failure.
#pragma once

#include "lib/pass/pipeline.h"

namespace tsir {

// Example inputs, each in the grammar of lib/input/inputs.h, for the graph's inputs in order.
using InputTexts = std::vector<std::string>;

struct Candidate {
  GraphPtr graph;
  std::optional<InputTexts> inputs; // absent if the failure needs none: then the graph is never run
  Pipeline pipeline;
  size_t sets = 1;  // number of input sets, each with its own seed
  size_t calls = 1; // of each set
  // The contents of values in a run, as input texts: used for inputs that replace removed nodes.
  std::unordered_map<const jit::Value*, std::string> seen;

  // A copy with its own graph.
  Candidate copy() const;
  // All values of a graph, in an order that is the same for its copies: inputs and results, also those of nested
  // blocks.
  static std::vector<jit::Value*> values_of(jit::Graph& graph);
};

// All nodes, in order; those of nested blocks after the node that holds them.
std::vector<jit::Node*> nodes_of(jit::Graph& graph);

// Writes a value as an example input: a tensor as dtype and shape, with its elements if they are few and integers.
// Empty if the grammar cannot express the value.
std::optional<std::string> input_text_of(const c10::IValue& value);

} // namespace tsir
