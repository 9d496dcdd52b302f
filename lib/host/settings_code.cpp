#include "lib/host/settings_code.h"

#include "lib/compat/unshipped.h"

namespace tsir {
namespace {

// One setting: why, its statement in each language, and the header that C++ needs.
struct Statement {
  std::string why;
  std::string cpp;
  std::string python;
  std::string header;
  std::string declaration = {}; // what C++ needs besides
};

Statement fusion_statement(const std::string& text) {
  std::string cpp;
  std::string python;
  for (const auto& [behavior, times] : fusion_strategy_of(text)) {
    cpp += fmt::format("{}{{torch::jit::FusionBehavior::{}, {}}}", cpp.empty() ? "" : ", ", behavior, times);
    python += fmt::format("{}(\"{}\", {})", python.empty() ? "" : ", ", behavior, times);
  }
  return {"How often fused graphs are compiled again for other shapes.",
          fmt::format("torch::jit::FusionStrategy fusion_strategy = {{{}}};\n  "
                      "torch::jit::setFusionStrategy(fusion_strategy);",
                      cpp),
          fmt::format("torch.jit.set_fusion_strategy([{}])", python), "torch/csrc/jit/api/module.h"};
}

Statement onednn_statement() {
  Statement statement{"The executor fuses with oneDNN Graph.", "torch::jit::RegisterLlgaFuseGraph::setEnabled(true);",
                      "torch.jit.enable_onednn_fusion(True)", "torch/csrc/jit/codegen/onednn/interface.h"};
  if (!has_header(statement.header)) {
    statement.cpp = "torch::jit::registerPrePass(torch::jit::fuser::onednn::fuseGraph);";
    statement.header = "torch/csrc/jit/passes/pass_manager.h";
    statement.declaration = "namespace torch::jit::fuser::onednn {\n"
                            "void fuseGraph(std::shared_ptr<Graph>& graph);\n"
                            "} // namespace torch::jit::fuser::onednn\n\n";
  }
  return statement;
}

// Made once, in this order.
std::vector<Statement> process_statements(const HostSettings& settings) {
  std::vector<Statement> all;
  if (settings.flush_denormal) {
    all.push_back({"Numbers near 0 become 0. Threads inherit this from the thread that starts them.",
                   "at::globalContext().setFlushDenormal(true);", "torch.set_flush_denormal(True)", "ATen/Context.h"});
  }
  if (settings.threads > 0) {
    all.push_back({"Threads within an operator.", fmt::format("at::set_num_threads({});", settings.threads),
                   fmt::format("torch.set_num_threads({})", settings.threads), "ATen/Parallel.h"});
  }
  if (settings.interop_threads > 0) {
    all.push_back({"Threads for forked tasks.",
                   fmt::format("at::set_num_interop_threads({});", settings.interop_threads),
                   fmt::format("torch.set_num_interop_threads({})", settings.interop_threads), "ATen/Parallel.h"});
  }
  if (settings.executor == Executor::simple) {
    all.push_back({"The simple executor: it neither profiles nor fuses.", "torch::jit::getProfilingMode() = false;",
                   "torch._C._jit_set_profiling_mode(False)", "torch/csrc/jit/runtime/graph_executor.h"});
  }
  if (settings.profiled_runs > 0) {
    all.push_back({"Runs that the executor profiles before it optimises.",
                   fmt::format("torch::jit::getNumProfiledRuns() = {};", settings.profiled_runs),
                   fmt::format("torch._C._jit_set_num_profiled_runs({})", settings.profiled_runs),
                   "torch/csrc/jit/runtime/graph_executor.h"});
  }
  if (!settings.fusion_strategy.empty()) {
    all.push_back(fusion_statement(settings.fusion_strategy));
  }
  if (settings.onednn_fusion) {
    all.push_back(onednn_statement());
  }
  return all;
}

// Needed around calls.
std::vector<Statement> call_statements(const HostSettings& settings) {
  std::vector<Statement> all;
  all.push_back(
      settings.inference_mode
          ? Statement{"Neither autograd nor its bookkeeping.", "c10::InferenceMode inference;",
                      "torch.inference_mode()", "c10/core/InferenceMode.h"}
          : Statement{"No autograd.", "at::NoGradGuard no_grad;", "torch.no_grad()", "ATen/core/grad_mode.h"});
  if (settings.executor == Executor::as_is) {
    all.push_back({"The graph runs as it is: LibTorch's executor optimises nothing.",
                   "torch::jit::GraphOptimizerEnabledGuard as_it_is{false};", "torch.jit.optimized_execution(False)",
                   "torch/csrc/jit/runtime/graph_executor.h"});
  }
  return all;
}

std::string cpp_code(const HostSettings& settings) {
  const std::vector<Statement> once = process_statements(settings);
  std::string text;
  for (const Statement& statement : once) {
    text += statement.declaration;
  }
  text += "// To be called once, at the start of the program, before LibTorch runs anything.\n"
          "inline void set_up_libtorch() {\n";
  for (const Statement& statement : once) {
    text += fmt::format("  // {}\n  {}\n", statement.why, statement.cpp);
  }
  text += "}\n\n// To exist on a thread while it calls the module.\nstruct CallScope {\n";
  for (const Statement& statement : call_statements(settings)) {
    text += fmt::format("  // {}\n  {}\n", statement.why, statement.cpp);
  }
  return text + "};\n";
}

std::string python_code(const HostSettings& settings) {
  std::string text = "def set_up_libtorch():\n"
                     "    \"\"\"To be called once, at the start of the program, before PyTorch runs anything.\"\"\"\n";
  for (const Statement& statement : process_statements(settings)) {
    text += fmt::format("    # {}\n    {}\n", statement.why, statement.python);
  }
  text += "\n\n@contextlib.contextmanager\ndef call_scope():\n"
          "    \"\"\"For `with call_scope():` around calls of the module.\"\"\"\n    with ";
  std::string managers;
  for (const Statement& statement : call_statements(settings)) {
    managers += (managers.empty() ? "" : ", ") + statement.python;
  }
  return text + managers + ":\n        yield\n";
}

} // namespace

std::set<std::string> headers_of(const HostSettings& settings) {
  std::set<std::string> headers;
  for (const auto& statements : {process_statements(settings), call_statements(settings)}) {
    for (const Statement& statement : statements) {
      headers.insert(statement.header);
    }
  }
  return headers;
}

std::string settings_code(const HostSettings& settings, Language language) {
  return language == Language::cpp ? cpp_code(settings) : python_code(settings);
}

} // namespace tsir
