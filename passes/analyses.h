// What the rows of analyses share.
#pragma once

#include "lib/pass/registry.h"
#include "lib/analysis/analysis_input.h"

namespace tsir {

void register_analyses_of_cost(Registry&);      // print-cost
void register_analyses_of_gradients(Registry&); // print-differentiability
void register_analyses_of_fusion(Registry&);    // print-fusion-candidates

// A row with what all analyses have in common. `function` and `header` are LibTorch's that the analysis rests on.
PassRow analysis_row(std::string name, std::string function, std::string header);
// What a reader of the report should know about how it came about, as its note; or nothing.
std::string subject_note(const AnalysisInput& subject);
// `count` of `what`: "1 node", "2 nodes".
std::string counted(size_t count, std::string_view what);

} // namespace tsir
