// Prepares a module with a header that `tsir opt` wrote, and runs it: prepared WHICH MODEL.pt INPUTS.pt OUTPUTS.pt
#include "prepare_fused.h"
#include "prepare_model.h"
#include "prepare_other.h"

#include <ATen/core/grad_mode.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/csrc/jit/serialization/pickle.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <string>

namespace {

using Call = std::function<c10::IValue(const std::vector<c10::IValue>&)>;

Call prepared(const std::string& which, const torch::jit::Module& loaded, const std::vector<c10::IValue>& inputs) {
  if (which == "fused") {
    return [model = prepare_fused(loaded, inputs)](const auto& given) { return model.forward(given); };
  }
  return [module = which == "model" ? prepare_model(loaded) : prepare_other(loaded)](const auto& given) mutable {
    return module.forward(given);
  };
}

} // namespace

int main(int, char** arguments) {
  std::ifstream file(arguments[3], std::ios::binary);
  const std::vector<char> bytes(std::istreambuf_iterator<char>(file), {});
  const std::vector<c10::IValue> inputs = torch::jit::pickle_load(bytes).toTupleRef().elements().vec();
  const Call model = prepared(arguments[1], torch::jit::load(arguments[2]), inputs);
  const at::NoGradGuard no_grad;
  c10::IValue outputs;
  for (int call = 0; call < 3; ++call) { // the third runs what LibTorch's executor made of the graph
    outputs = model(inputs);
  }
  const std::vector<char> written = torch::jit::pickle_save(outputs);
  std::ofstream(arguments[4], std::ios::binary).write(written.data(), static_cast<std::streamsize>(written.size()));
}
