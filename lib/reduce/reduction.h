// The ways to make a graph smaller. Each lists the places of a graph where it could be applied, and applies itself to a
// range of them; whether that was a good idea is for the reducer to try.
#pragma once

#include "lib/reduce/candidate.h"

namespace tsir {

struct Reduction {
  // Gives false where nothing was changed. Places are numbered as `places` counted them.
  using Apply = std::function<bool(Candidate& candidate, size_t begin, size_t end)>;
  std::string name; // "remove nodes"
  std::function<size_t(const Candidate&)> places;
  std::vector<Apply> ways; // tried one after the other, until one keeps the failure
};

// In the order in which they pay. `without_runs`: also that the graph is not run at all.
std::vector<Reduction> all_reductions(bool without_runs = true);

// By family.
std::vector<Reduction> run_reductions(bool without_runs); // passes, input sets, calls
std::vector<Reduction> node_reductions();                 // nodes away
std::vector<Reduction> interface_reductions();            // outputs and inputs
std::vector<Reduction> block_reductions();                // branches, loop bodies, what they carry, fusion groups
std::vector<Reduction> value_reductions();                // constants, lists, types
std::vector<Reduction> size_reductions();                 // of tensors, in constants and inputs

// A value that may stand where `output` of `node` stood: an operand, or what was made earlier, of the same type.
// nullptr where there is none.
jit::Value* earlier_value(const Candidate& candidate, jit::Node& node, const jit::Value& output);
// The same as a new constant or graph input, with the value that a run saw. nullptr where there is none.
jit::Value* fresh_value(Candidate& candidate, jit::Node& node, const jit::Value& output);
// Removes constants that nothing reads.
void drop_unread_constants(jit::Graph& graph);

} // namespace tsir
