// Inlining of calls.
#include "lib/base/setting.h"
#include "lib/ir/walk.h"
#include "lib/pass/refused.h"
#include "passes/all.h"
#include "passes/graph_pass.h"

#include <torch/csrc/jit/passes/inliner.h>

namespace tsir {
namespace {

// A small file can describe a graph that inlines to billions of nodes.
constexpr size_t node_limit = 5'000'000;

PassRow inline_calls() {
  PassRow row;
  row.name = "inline";
  row.function = "torch::jit::Inline";
  row.header = "torch/csrc/jit/passes/inliner.h";
  row.order = "before any pass that works within one graph";
  row.looks_for = "calls of methods and functions";
  row.summary = "Replaces calls of methods and functions by their bodies";
  row.description =
      "Every prim::CallMethod and prim::CallFunction with a known callee is replaced by the callee's graph, "
      "repeatedly, until none is left. Calls through an interface stay; freeze-module can inline these. Most passes "
      "work on one graph only, so run inline first, or freeze-module, which inlines too.";
  row.example = R"(def scaled(self, x: Tensor) -> Tensor:
    return x * self.weight
def forward(self, x: Tensor) -> Tensor:
    return torch.relu(self.scaled(x))
)";
  row.run = [](Unit& unit, const PassContext&) -> std::string {
    if (!has_calls(*unit.graph())) {
      return "found no calls";
    }
    if (count_inlined_nodes(*unit.graph(), node_limit + 1) > node_limit) {
      throw Refused(fmt::format("{} would inline to more than {} nodes: run passes on the methods it calls "
                                "({}) instead",
                                unit.name(), node_limit, spelled(Setting::method)));
    }
    jit::Inline(*unit.graph());
    return has_calls(*unit.graph()) ? "calls through an interface stay: freeze-module can inline these" : "";
  };
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_inline"}, "*graph");
  return row;
}

} // namespace

void register_inline(Registry& registry) {
  registry.add(inline_calls());
}

} // namespace tsir
