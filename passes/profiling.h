// What rows that profile share.
#pragma once

#include "lib/pass/registry.h"
#include "lib/run/profile.h"
#include "passes/graph_pass.h"

namespace tsir {

// A multiplication and a relu of two inputs, and inputs that fit; rows instrument it first.
inline constexpr auto profiled_example = R"(graph(%x : Tensor, %y : Tensor):
  %product : Tensor = aten::mul(%x, %y)
  %result : Tensor = aten::relu(%product)
  return (%result)
)";

// A row that works on what instrument-graph leaves, with the example above.
PassRow row_on_profiles();

inline const Wanted profile_nodes{{"prim::profile"}, "prim::profile"};

// What profiles, guards and bail-outs become: profiling_guards.cpp.
void register_profiling_guards(Registry&);

} // namespace tsir
