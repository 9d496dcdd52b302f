// A minimal C++ program that shows a model: it loads the model, inlines calls and prints the graph.
// tests/bench/startup.py compares `tsir dump` with it.
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
