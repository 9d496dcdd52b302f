// A plain program that runs a model, as an owner of a .pt file would write it: it loads the model and calls it in a
// loop. tests/bench/truth.py compares the estimates of `tsir bench` with its times.
//
// usage: truth_loop MODEL.pt INPUTS as-is|profiling
//
// INPUTS is a list of inputs, written by torch.save. For each line "CALLS" on standard input, the program makes that
// number of calls, and prints the nanoseconds of each on one line.
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/csrc/jit/serialization/pickle.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: truth_loop MODEL.pt INPUTS as-is|profiling\n";
    return 2;
  }
  at::set_num_threads(1);
  torch::jit::setGraphExecutorOptimize(std::string(argv[3]) == "profiling");
  const at::NoGradGuard no_grad;
  torch::jit::Module module = torch::jit::load(argv[1]);
  module.eval();
  std::ifstream file(argv[2], std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto inputs = torch::jit::pickle_load(bytes).toListRef().vec();
  size_t calls = 0;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream(line) >> calls;
    for (size_t call = 0; call < calls; ++call) {
      const auto before = std::chrono::steady_clock::now();
      module.forward(inputs);
      const auto after = std::chrono::steady_clock::now();
      std::cout << std::chrono::nanoseconds(after - before).count() << ' ';
    }
    std::cout << std::endl;
  }
  return 0;
}
