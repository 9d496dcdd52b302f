// Shared by the rows of analyses.
#pragma once

#include "lib/analysis/analysis_input.h"
#include "lib/pass/registry.h"

namespace tsir {

void register_analyses_of_cost(Registry&);      // print-cost
void register_analyses_of_gradients(Registry&); // print-differentiability
void register_analyses_of_fusion(Registry&);    // print-fusion-candidates

// A row with the fields that all analyses share. `function` and `header` name the part of LibTorch that the analysis is
// based on.
PassRow analysis_row(std::string name, std::string function, std::string header);
// What an analysis looks at: see analysis_input_of. Throws Refused where its calls inline to too many nodes, or where
// the unit takes another number of inputs.
AnalysisInput analysis_input(const Unit& unit, const std::vector<c10::IValue>* inputs, bool grad = false);
// The note of an analysis: that calls were inlined in a copy, or nothing.
std::string subject_note(const AnalysisInput& subject);
// `count` of `what`: "1 node", "2 nodes".
std::string counted(size_t count, std::string_view what);

} // namespace tsir
