#include "lib/bench/operators/graph_times.h"

#include "lib/base/error.h"
#include "lib/bench/operators/node_times.h"
#include "lib/ir/walk.h"
#include "lib/process/phase.h"
#include "lib/run/failure.h"
#include "lib/run/profile_nodes.h"
#include "lib/run/switches.h"

#include <c10/core/GradMode.h>
#include <torch/csrc/jit/runtime/script_profile.h>

#include <numeric>

namespace tsir {
namespace {

// By the place of a node.
using NodeValues = std::vector<double>;

// A copy of a graph in which each node has a source line of its own, by which LibTorch's profile sums.
class NumberedGraph {
public:
  explicit NumberedGraph(const jit::Graph& graph) : graph_(const_cast<jit::Graph&>(graph).copy()) { // it only reads
    const auto count = [&](const jit::Node& node) { nodes_.push_back(&node); };
    walk(*graph_->block(), count, /*subgraphs=*/true);
    source_ = std::make_shared<jit::Source>(std::string(nodes_.size(), '\n'), "node", 0);
    for (size_t i = 0; i < nodes_.size(); ++i) {
      const_cast<jit::Node*>(nodes_[i])->setSourceRange(jit::SourceRange(source_, i, i)); // of the copy
    }
    find_contents();
    drop_bare_profiles(*graph_);
  }

  const GraphPtr& graph() const { return graph_; }
  size_t size() const { return nodes_.size(); }

  // The sums of a profile: the times, without what reading the clock took, and how many instructions ran.
  void read(jit::ScriptProfile& profile, double span_cost, NodeValues& ns, NodeValues& counts) const {
    ns.assign(size(), 0);
    counts.assign(size(), 0);
    for (const auto& [source, lines] : profile.dumpStats()) {
      if (source.operator->() != source_.get()) {
        continue;
      }
      for (const auto& [line, stats] : lines) {
        const auto place = static_cast<size_t>(line);
        if (place < size()) {
          counts[place] = static_cast<double>(stats.count);
          ns[place] = std::max(0.0, static_cast<double>(stats.duration.count()) - counts[place] * span_cost);
        }
      }
    }
  }

  // The time of a differentiable graph includes that of the nodes in it.
  void subtract_contents(NodeValues& ns) const {
    for (const auto& [place, contents] : contents_) {
      for (const size_t inner : contents) {
        ns[place] = std::max(0.0, ns[place] - ns[inner]);
      }
    }
  }

private:
  void find_contents() {
    std::unordered_map<const jit::Node*, size_t> places;
    for (size_t i = 0; i < nodes_.size(); ++i) {
      places.emplace(nodes_[i], i);
    }
    for (size_t i = 0; i < nodes_.size(); ++i) {
      for (const GraphPtr& subgraph : subgraphs_of(*nodes_[i])) {
        if (nodes_[i]->kind() != jit::prim::fork) { // which only starts what is in it
          walk(*subgraph->block(), [&](const jit::Node& inner) { contents_[i].push_back(places.at(&inner)); });
        }
      }
    }
  }

  GraphPtr graph_;
  std::vector<const jit::Node*> nodes_;
  std::map<size_t, std::vector<size_t>> contents_; // of nodes with a subgraph that runs within them
  std::shared_ptr<jit::Source> source_;
};

double sum_of(const NodeValues& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

NodeValues mean_of_faster_half_of_calls(std::vector<NodeValues> calls) {
  std::ranges::sort(calls, {}, sum_of);
  calls.resize((calls.size() + 1) / 2);
  NodeValues mean(calls.front().size());
  for (const NodeValues& call : calls) {
    for (size_t i = 0; i < mean.size(); ++i) {
      mean[i] += call[i] / static_cast<double>(calls.size());
    }
  }
  return mean;
}

// Returns the times of each call, and which nodes ran.
std::vector<NodeValues> measure_calls(const NumberedGraph& numbered, const std::function<jit::Stack()>& arguments,
                                      const GraphTimesSettings& settings, NodeValues& counts) {
  const jit::GraphOptimizerEnabledGuard as_it_stands(false);
  const c10::AutoGradMode grad_mode(settings.grad);
  const jit::Code code(numbered.graph(), "timed");
  const double span_cost = NodeTimes().span_cost_ns();
  const auto call = [&](jit::Stack stack) { jit::InterpreterState(code).run(stack); };
  call(arguments());
  const auto profile = c10::make_intrusive<jit::ScriptProfile>();
  const auto begun = std::chrono::steady_clock::now();
  std::vector<NodeValues> calls;
  NodeValues before(numbered.size());
  while (calls.empty() || (calls.size() < settings.most_calls && std::chrono::steady_clock::now() - begun <
                                                                     std::chrono::duration<double>(settings.seconds))) {
    jit::Stack stack = arguments();
    profile->enable(); // its destructor ends it if the call throws
    call(std::move(stack));
    profile->disable();
    NodeValues sums;
    numbered.read(*profile, span_cost, sums, counts);
    NodeValues& times = calls.emplace_back(sums);
    std::ranges::transform(sums, before, times.begin(), std::minus<>());
    numbered.subtract_contents(times);
    before = std::move(sums);
  }
  return calls;
}

// What a run of the graph fails with, told with its own source lines; else what the numbered one failed with.
std::string failure_of_graph(const jit::Graph& graph, const std::function<jit::Stack()>& arguments, bool grad,
                             const std::exception& failed) {
  constexpr const char* what = "measuring the time of each node";
  try {
    const jit::GraphOptimizerEnabledGuard as_it_stands(false);
    const c10::AutoGradMode grad_mode(grad);
    const GraphPtr copy = const_cast<jit::Graph&>(graph).copy(); // it only reads
    drop_bare_profiles(*copy);
    jit::Stack stack = arguments();
    jit::InterpreterState(jit::Code(copy, "timed")).run(stack);
  } catch (const std::exception& error) {
    return run_failure(what, error, grad);
  }
  return run_failure(what, failed, grad);
}

} // namespace

GraphTimes times_of_nodes(const jit::Graph& graph, const std::function<jit::Stack()>& arguments,
                          const GraphTimesSettings& settings) {
  const Phase phase("measuring the time of each node");
  const NumberedGraph numbered(graph);
  const std::vector<SwitchScope> switches = switches_for(*numbered.graph());
  NodeValues counts;
  std::vector<NodeValues> calls;
  try {
    calls = measure_calls(numbered, arguments, settings, counts);
  } catch (const std::exception& error) {
    throw Error(ErrorKind::check, failure_of_graph(graph, arguments, settings.grad, error));
  }
  GraphTimes result{.ns = {}, .calls = calls.size()};
  const NodeValues mean = mean_of_faster_half_of_calls(std::move(calls));
  for (size_t i = 0; i < mean.size(); ++i) {
    result.ns.push_back(counts[i] > 0 ? std::optional(mean[i]) : std::nullopt);
  }
  return result;
}

} // namespace tsir
