// Makes the settings of a header that `tsir apply` wrote, prepares a module with it, runs it, and prints what is set:
// prepared MODEL.pt INPUTS.pt OUTPUTS.pt [in-scope]: with the last word, it prepares the module in the scope of the calls.
#include "prepare_model.h"

#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/jit/passes/pass_manager.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/csrc/jit/serialization/pickle.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>

int main(int count, char** arguments) {
  set_up_libtorch();
  std::optional<CallScope> early;
  if (count > 4) {
    early.emplace();
  }
  torch::jit::Module module = prepare_model(torch::jit::load(arguments[1]));
  early.reset();
  std::ifstream file(arguments[2], std::ios::binary);
  const std::vector<char> bytes(std::istreambuf_iterator<char>(file), {});
  const std::vector<c10::IValue> inputs = torch::jit::pickle_load(bytes).toTupleRef().elements().vec();
  c10::IValue outputs;
  bool inference = false;
  {
    const CallScope scope;
    inference = c10::InferenceMode::is_enabled();
    for (int call = 0; call < 4; ++call) { // more than are profiled
      outputs = module.forward(inputs);
    }
  }
  std::cout << at::get_num_threads() << " thread, " << at::get_num_interop_threads() << " between operators, "
            << torch::jit::getNumProfiledRuns() << " profiled runs,";
  for (const auto& [behavior, times] : torch::jit::getFusionStrategy()) {
    std::cout << (behavior == torch::jit::FusionBehavior::STATIC ? " STATIC " : " DYNAMIC ") << times;
  }
  const float smallest = at::mul(at::full({1}, 1e-30F), 1e-10F).item<float>();
  std::cout << (torch::jit::getCustomPrePasses().size() == 1 ? ", oneDNN fusion" : "")
            << (inference ? ", inference mode" : "") << (smallest == 0 ? ", denormal numbers flushed" : "") << '\n';
  const std::vector<char> written = torch::jit::pickle_save(outputs);
  std::ofstream(arguments[3], std::ios::binary).write(written.data(), static_cast<std::streamsize>(written.size()));
}
