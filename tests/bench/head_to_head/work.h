// The work that all tools time: the graph of tests/bench/work.ir, with iterations added and without optimisation.
#pragma once

#include <torch/csrc/jit/ir/irparser.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/runtime/interpreter.h>
#include <torch/torch.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace head_to_head {

// A hundred iterations, plus `per_mille` thousandths of that. Each instance has its own inputs, as two programs would.
class Work {
public:
  Work(const std::string& file, int per_mille) : code_(parse(file, per_mille), "work") {
    torch::manual_seed(0);
    arguments_ = {torch::randn({96, 96}), torch::randn({96, 96})};
  }
  void operator()() {
    const at::NoGradGuard no_grad;
    const torch::jit::GraphOptimizerEnabledGuard as_it_stands(false);
    stack_ = arguments_;
    torch::jit::InterpreterState(code_).run(stack_);
  }

private:
  static std::shared_ptr<torch::jit::Graph> parse(const std::string& file, int per_mille) {
    std::ifstream stream(file);
    std::string text{std::istreambuf_iterator<char>(stream), {}};
    const std::string count = "[value=100]";
    const size_t at = text.find(count);
    if (at == std::string::npos || per_mille % 10 != 0) {
      throw std::runtime_error("work.ir has no loop of 100 iterations, or the added work is not a whole number of them");
    }
    text.replace(at, count.size(), "[value=" + std::to_string(100 + per_mille / 10) + "]");
    auto graph = std::make_shared<torch::jit::Graph>();
    torch::jit::parseIR(text, graph.get());
    return graph;
  }

  torch::jit::Code code_;
  torch::jit::Stack arguments_;
  torch::jit::Stack stack_;
};

} // namespace head_to_head
