// The least that a C++ program can do to show a model: load it, inline, print. What `tsir dump` is measured against
// (tests/bench/startup.py).
#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/serialization/import.h>

#include <iostream>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: load_and_print MODEL.pt\n";
    return 2;
  }
  const auto module = torch::jit::load(argv[1]);
  const auto graph = module.get_method("forward").graph();
  torch::jit::Inline(*graph);
  std::cout << *graph;
  return 0;
}
