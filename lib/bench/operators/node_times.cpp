#include "lib/bench/operators/node_times.h"

#include "lib/ir/walk.h"

#include <torch/csrc/jit/runtime/script_profile.h>

namespace tsir {
namespace {

struct Line {
  std::string name;
  double instructions = 0; // number of instructions of the node; 0 for control flow
  bool nested = false;     // runs inside an instruction of a differentiable graph
};

constexpr std::string_view differentiable = "prim::DifferentiableGraph";

// The operators in a fusion group, in order, each once.
std::vector<std::string> operators_in(const jit::Graph& graph) {
  std::vector<std::string> names;
  walk(*graph.block(), [&](const jit::Node& node) {
    const std::string name = node.kind().toQualString();
    if (node.kind() != jit::prim::Constant && std::ranges::find(names, name) == names.end()) {
      names.push_back(name);
    }
  });
  return names;
}

// Whether all instructions of a node run equally often. Those of control flow do not, nor does a wait, which may be
// retried.
bool countable(const jit::Node& node) {
  return node.blocks().empty() && node.kind() != jit::prim::Param && node.kind() != jit::prim::Return &&
         node.kind() != jit::aten::wait;
}

std::string group_name(const std::string& kind, const std::vector<std::string>& operators) {
  constexpr size_t most = 6;
  const auto shown = std::span(operators).first(std::min(operators.size(), most));
  return fmt::format("{}[{}{}]", kind, fmt::join(shown, " "),
                     operators.size() > most ? fmt::format(" and {} more", operators.size() - most) : "");
}

// Measures the time that two readings of the clock add to every instruction: the shortest mean of several batches.
double measure_span_cost() {
  constexpr int batches = 20;
  constexpr int spans = 200;
  const auto graph = std::make_shared<jit::Graph>();
  jit::Node* node = graph->insertConstant(0)->node();
  node->setSourceRange(jit::SourceRange(std::make_shared<jit::Source>("\n", "span", 0), 0, 0));
  double cost = std::numeric_limits<double>::infinity();
  for (int batch = 0; batch < batches; ++batch) {
    const auto profile = c10::make_intrusive<jit::ScriptProfile>();
    profile->enable();
    for (int i = 0; i < spans; ++i) {
      const jit::profiling::InstructionSpan span(*node);
    }
    profile->disable();
    for (const auto& [source, lines] : profile->dumpStats()) {
      for (const auto& [line, stats] : lines) {
        cost = std::min(cost, static_cast<double>(stats.duration.count()) / static_cast<double>(stats.count));
      }
    }
  }
  return std::isfinite(cost) ? cost : 0;
}

OperatorTimes difference(const OperatorTimes& after, const OperatorTimes& before) {
  OperatorTimes times = after;
  for (const auto& [name, time] : before) {
    times[name].ns -= time.ns;
    times[name].calls -= time.calls;
  }
  return times;
}

double sum_ns(const OperatorTimes& times) {
  double sum = 0;
  for (const auto& [name, time] : times) {
    sum += time.ns;
  }
  return sum;
}

// Leaves out whole calls, not single times, so that the rows still add up to a call.
OperatorTimes mean_of_faster_half(std::vector<OperatorTimes> each) {
  std::ranges::sort(each, {}, sum_ns);
  each.resize((each.size() + 1) / 2);
  OperatorTimes mean;
  for (const OperatorTimes& times : each) {
    for (const auto& [name, time] : times) {
      mean[name].ns += time.ns;
      mean[name].calls += time.calls;
    }
  }
  for (auto& [name, time] : mean) { // divided once, so that whole numbers of calls stay whole
    time.ns /= static_cast<double>(each.size());
    time.calls /= static_cast<double>(each.size());
  }
  return mean;
}

// The type of a profile's result: by source, then by line.
using Sources = std::remove_cvref_t<decltype(std::declval<jit::ScriptProfile>().dumpStats())>;

} // namespace

struct NodeTimes::State {
  double span_cost = measure_span_cost();
  FusionGroups groups;
  // The sources given to nodes, kept alive because they are identified by address.
  std::map<const jit::Source*, std::vector<Line>> lines;
  std::vector<std::shared_ptr<jit::Source>> sources;

  std::string name_of(const jit::Node& node);
  void number(const jit::Code& code, bool as_is, bool nested);
  void number_callee(const jit::Node& node, bool as_is, bool nested);
  void number_executor(jit::GraphExecutor& executor, bool as_is, bool nested);
  OperatorTimes times_in(const Sources& profiled) const;
  void add(OperatorTimes& times, double& nested_ns, const jit::InstructionStats& stats, const Line& line) const;
};

std::string NodeTimes::State::name_of(const jit::Node& node) {
  const std::string kind = node.kind().toQualString();
  const auto subgraphs = subgraphs_of(node);
  if (subgraphs.empty() || kind == differentiable || node.kind() == jit::prim::fork) {
    return kind;
  }
  const std::vector<std::string> operators = operators_in(*subgraphs.front());
  std::string name = group_name(kind, operators);
  std::vector<std::string>& known = groups[name];
  for (const std::string& each : operators) {
    if (std::ranges::find(known, each) == known.end()) {
      known.push_back(each);
    }
  }
  return name;
}

void NodeTimes::State::number(const jit::Code& code, bool as_is, bool nested) {
  std::vector<jit::Node*> fresh;
  std::unordered_map<const jit::Node*, size_t> index;
  std::vector<Line> of_code;
  for (jit::Node* node : code.instructions_source()) {
    if (lines.contains(node->sourceRange().source().get())) {
      continue; // also called by other code, so already numbered
    }
    const auto [found, first] = index.emplace(node, of_code.size());
    if (first) {
      fresh.push_back(node);
      of_code.push_back({name_of(*node), 0, nested});
    }
    of_code[found->second].instructions += countable(*node) ? 1 : 0;
  }
  const auto source = std::make_shared<jit::Source>(std::string(fresh.size(), '\n'), "node", 0);
  for (size_t i = 0; i < fresh.size(); ++i) {
    fresh[i]->setSourceRange(jit::SourceRange(source, i, i));
  }
  sources.push_back(source);
  lines.emplace(source.get(), std::move(of_code));
  for (const jit::Node* node : fresh) {
    number_callee(*node, as_is, nested);
  }
  jit::Code handle = code; // shares everything
  for (jit::GraphExecutor* executor : handle.diff_graph_op_executors()) {
    number_executor(*executor, as_is, true);
  }
}

void NodeTimes::State::number_callee(const jit::Node& node, bool as_is, bool nested) {
  if (jit::GraphFunction* function = callee(node)) {
    number_executor(function->get_executor(), as_is, nested);
  }
}

void NodeTimes::State::number_executor(jit::GraphExecutor& executor, bool as_is, bool nested) {
  if (as_is) {
    const jit::GraphOptimizerEnabledGuard as_it_stands(false);
    jit::Stack any; // a plan that is not optimised does not depend on inputs
    number(executor.getPlanFor(any).code, as_is, nested);
  } else if (executor.isOptimized()) {
    const auto state = executor.getDebugState();
    number(state.execution_plans.begin()->second.code, as_is, nested);
  }
}

void NodeTimes::State::add(OperatorTimes& times, double& nested_ns, const jit::InstructionStats& stats,
                           const Line& line) const {
  const double count = static_cast<double>(stats.count);
  const double ns = std::max(0.0, static_cast<double>(stats.duration.count()) - count * span_cost);
  OperatorTime& time = times[line.name];
  time.ns += ns;
  time.calls += line.instructions > 0 ? count / line.instructions : 0;
  nested_ns += line.nested ? ns : 0;
}

OperatorTimes NodeTimes::State::times_in(const Sources& profiled) const {
  OperatorTimes times;
  double nested_ns = 0;
  const Line other{std::string(other_code), 0, false};
  for (const auto& [source, source_lines] : profiled) {
    const auto known = lines.find(source.operator->());
    for (const auto& [number, stats] : source_lines) {
      const bool ours = known != lines.end() && static_cast<size_t>(number) < known->second.size();
      add(times, nested_ns, stats, ours ? known->second[static_cast<size_t>(number)] : other);
    }
  }
  if (const auto graph = times.find(std::string(differentiable)); graph != times.end()) {
    graph->second.ns = std::max(0.0, graph->second.ns - nested_ns); // the rest is the graph's own: passing tensors
  }
  return times;
}

NodeTimes::NodeTimes() : state_(std::make_unique<State>()) {}
NodeTimes::~NodeTimes() = default;

void NodeTimes::number(const jit::Code& code, bool as_is) {
  state_->number(code, as_is, false);
}

OperatorTimes NodeTimes::measure(const std::function<void()>& call, size_t calls, bool washout) const {
  const auto profile = c10::make_intrusive<jit::ScriptProfile>();
  std::vector<OperatorTimes> each;
  OperatorTimes before;
  for (size_t i = 0; i < calls; ++i) {
    if (washout) {
      call();
    }
    profile->enable(); // its destructor ends it if a call throws
    call();
    profile->disable();
    // Sums up and frees the records, because thousands of them would not fit into the caches.
    OperatorTimes all = state_->times_in(profile->dumpStats());
    each.push_back(difference(all, before));
    before = std::move(all);
  }
  return mean_of_faster_half(std::move(each));
}

const FusionGroups& NodeTimes::groups() const {
  return state_->groups;
}

double NodeTimes::span_cost_ns() const {
  return state_->span_cost;
}

} // namespace tsir
