// A program that loads a model and calls it, as a rival of `tsir bench` (docs/rivals.md). With PREPARED, it also does
// what the header says that `tsir apply --emit-cpp` wrote.
#ifdef PREPARED
#include "prepare_model.h"
#else
#include <ATen/core/grad_mode.h>
#include <torch/csrc/jit/api/module.h>

namespace {

void set_up_libtorch() {}
torch::jit::Module prepare_model(torch::jit::Module module) {
  return module;
}
struct CallScope {
  at::NoGradGuard no_grad;
};

} // namespace
#endif

#include <ATen/Parallel.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/csrc/jit/serialization/pickle.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>

namespace {

using Call = std::function<c10::IValue(const std::vector<c10::IValue>&)>;

// The header's function takes the inputs too if the passes fuse, and then returns another type.
template <typename Module> Call prepared(Module module, const std::vector<c10::IValue>& inputs) {
  if constexpr (requires { prepare_model(module, inputs); }) {
    return [model = prepare_model(module, inputs)](const auto& given) mutable { return model.forward(given); };
  } else {
    return [model = prepare_model(module)](const auto& given) mutable { return model.forward(given); };
  }
}

std::vector<c10::IValue> read_inputs(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return torch::jit::pickle_load(bytes).toTupleRef().elements().vec();
}

void write_outputs(const c10::IValue& outputs, const std::string& path) {
  const std::vector<char> bytes = torch::jit::pickle_save(outputs);
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// Answers "run SAMPLES CALLS".
std::string timed(const Call& model, const std::vector<c10::IValue>& inputs, const std::string& request) {
  const size_t samples = std::stoul(request);
  const size_t calls = std::stoul(request.substr(request.find(' ')));
  std::string answer = "ran";
  for (size_t sample = 0; sample < samples; ++sample) {
    const auto start = std::chrono::steady_clock::now();
    for (size_t call = 0; call < calls; ++call) {
      model(inputs);
    }
    answer += " " + std::to_string(std::chrono::nanoseconds(std::chrono::steady_clock::now() - start).count());
  }
  return answer;
}

} // namespace

int main() {
  std::cout << "tsir-rival 1" << std::endl;
  std::string path;
  Call model;
  std::vector<c10::IValue> inputs;
  set_up_libtorch();
  const CallScope scope;
  for (std::string line; std::getline(std::cin, line) && line != "quit";) {
    const std::string word = line.substr(0, line.find(' '));
    const std::string rest = line.substr(std::min(word.size() + 1, line.size()));
    if (word == "threads") {
      at::set_num_threads(std::stoi(rest));
    } else if (word == "model") {
      path = rest;
    } else if (word == "inputs") {
      inputs = read_inputs(rest);
    } else if (word == "prepare") {
      torch::jit::Module module = torch::jit::load(path);
      module.eval();
      model = prepared(module, inputs);
      std::cout << "ready" << std::endl;
    } else if (word == "outputs") {
      write_outputs(model(inputs), rest);
      std::cout << "written" << std::endl;
    } else if (word == "run") {
      std::cout << timed(model, inputs, rest) << std::endl;
    }
  }
}
