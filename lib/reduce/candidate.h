// What a reduction works on: a graph with the inputs it is run on, and the passes that show the failure.
#pragma once

#include "lib/pass/pipeline.h"

namespace tsir {

// Example inputs, each in the grammar of lib/input/inputs.h, for the graph's inputs in order.
using InputTexts = std::vector<std::string>;

struct Candidate {
  GraphPtr graph;
  std::optional<InputTexts> inputs; // nothing where the failure needs none: then the graph is never run
  Pipeline pipeline;
  size_t sets = 1;  // of inputs, each with a seed of its own
  size_t calls = 1; // of each set
  // What values were in a run, as input texts: for those that take the place of removed nodes.
  std::unordered_map<const jit::Value*, std::string> seen;

  // With a graph of its own.
  Candidate copy() const;
  // The one list of values that a graph and its copy have in the same order: inputs and results, those of nested blocks
  // too.
  static std::vector<jit::Value*> values_of(jit::Graph& graph);
};

// All nodes, in order; those of nested blocks after the node that holds them.
std::vector<jit::Node*> nodes_of(jit::Graph& graph);

// What a value looks like as an example input: a tensor by dtype and shape, small whole numbers in it as they are.
// Nothing where the grammar has no words for it.
std::optional<std::string> input_text_of(const c10::IValue& value);

} // namespace tsir
