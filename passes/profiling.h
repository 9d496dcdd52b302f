// Shared by the rows that profile.
#pragma once

#include "lib/pass/registry.h"
#include "lib/run/profile.h"
#include "passes/graph_pass.h"

namespace tsir {

// A multiplication and a relu of two inputs. Rows that use it have inputs that fit, and instrument it first.
inline constexpr auto profiled_example = R"(graph(%x : Tensor, %y : Tensor):
  %product : Tensor = aten::mul(%x, %y)
  %result : Tensor = aten::relu(%product)
  return (%result)
)";

// A row that works on the result of instrument-graph, with the example above.
PassRow row_on_profiles();

inline const Wanted profile_nodes{{"prim::profile"}, "prim::profile"};

// The passes on guards and bail-outs, in profiling_guards.cpp.
void register_profiling_guards(Registry&);

} // namespace tsir
