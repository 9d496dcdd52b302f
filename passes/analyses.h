// What the rows of analyses share.
#pragma once

#include "lib/analysis/analysis_input.h"
#include "lib/pass/registry.h"

namespace tsir {

void register_analyses_of_cost(Registry&);      // print-cost
void register_analyses_of_gradients(Registry&); // print-differentiability
void register_analyses_of_fusion(Registry&);    // print-fusion-candidates

// A row with what all analyses have in common. `function` and `header` are LibTorch's that the analysis rests on.
PassRow analysis_row(std::string name, std::string function, std::string header);
// What an analysis looks at: see analysis_input_of. Throws Refused where its calls inline to too many nodes, or where
// the unit takes another number of inputs.
AnalysisInput analysis_input(const Unit& unit, const std::vector<c10::IValue>* inputs, bool grad = false);
// What a reader of the report should know about how it came about, as its note; or nothing.
std::string subject_note(const AnalysisInput& subject);
// `count` of `what`: "1 node", "2 nodes".
std::string counted(size_t count, std::string_view what);

} // namespace tsir
