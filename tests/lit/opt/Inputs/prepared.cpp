// Prepares a module with a header that `tsir opt` wrote, and runs it: prepared WHICH MODEL.pt INPUTS.pt OUTPUTS.pt
#include "prepare_model.h"
#include "prepare_other.h"

#include <ATen/core/grad_mode.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/csrc/jit/serialization/pickle.h>

#include <fstream>
#include <iterator>
#include <string>

int main(int, char** arguments) {
  const torch::jit::Module loaded = torch::jit::load(arguments[2]);
  torch::jit::Module module = arguments[1] == std::string("model") ? prepare_model(loaded) : prepare_other(loaded);
  std::ifstream file(arguments[3], std::ios::binary);
  const std::vector<char> bytes(std::istreambuf_iterator<char>(file), {});
  const std::vector<c10::IValue> inputs = torch::jit::pickle_load(bytes).toTupleRef().elements().vec();
  const at::NoGradGuard no_grad;
  c10::IValue outputs;
  for (int call = 0; call < 3; ++call) { // the third runs what LibTorch's executor made of the graph
    outputs = module.forward(inputs);
  }
  const std::vector<char> written = torch::jit::pickle_save(outputs);
  std::ofstream(arguments[4], std::ios::binary).write(written.data(), static_cast<std::streamsize>(written.size()));
}
