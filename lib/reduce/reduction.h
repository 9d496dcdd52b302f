// The ways to make a graph smaller. Each counts the places of a graph where it can be applied, and is applied to a
// range of them. The reducer then tries whether the failure still shows.
#pragma once

#include "lib/reduce/candidate.h"

namespace tsir {

struct Reduction {
  // Returns false if nothing was changed. Places have the numbers by which `places` counts them.
  using Apply = std::function<bool(Candidate& candidate, size_t begin, size_t end)>;
  std::string name; // "remove nodes"
  std::function<size_t(const Candidate&)> places;
  std::vector<Apply> ways; // tried one after the other, until one keeps the failure
};

// All reductions, the most effective first. `without_runs`: includes the reduction to a graph that is not run at all.
std::vector<Reduction> all_reductions(bool without_runs = true);

// By family.
std::vector<Reduction> run_reductions(bool without_runs); // passes, input sets, calls
std::vector<Reduction> node_reductions();                 // removal of nodes
std::vector<Reduction> interface_reductions();            // outputs and inputs
std::vector<Reduction> block_reductions();                // branches, loop bodies, their results, fusion groups
std::vector<Reduction> value_reductions();                // constants, lists, types
std::vector<Reduction> size_reductions();                 // of tensors, in constants and inputs

// A value that can replace `output` of `node`: an operand or an earlier value of the same type. nullptr if there is
// none.
jit::Value* earlier_value(const Candidate& candidate, jit::Node& node, const jit::Value& output);
// A new constant or graph input that can replace it, with the content seen in a run. nullptr if there is none.
jit::Value* fresh_value(Candidate& candidate, jit::Node& node, const jit::Value& output);
// Removes unused constants.
void drop_unread_constants(jit::Graph& graph);

} // namespace tsir
