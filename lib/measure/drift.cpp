// How far the results of nodes deviate after passes.
#include "lib/base/error.h"
#include "lib/diff/graph_match.h"
#include "lib/ir/walk.h"
#include "lib/measure/measures.h"
#include "lib/process/phase.h"
#include "lib/run/failure.h"
#include "lib/run/probe.h"
#include "lib/run/profile.h"
#include "lib/run/profile_nodes.h"
#include "lib/run/state.h"
#include "lib/run/switches.h"

#include <c10/core/GradMode.h>

namespace tsir {
namespace {

// What is kept of the run before the passes. Results beyond it are not compared.
constexpr size_t most_kept = size_t{4} << 30; // bytes

// A value of the graph after the passes, and those before them of which one should be the same.
struct Compared {
  const jit::Value* after;
  size_t node; // that makes it, by its place
  std::vector<const jit::Value*> before;
};

bool is_tensor_value(const jit::Value& value) {
  return value.type()->kind() == c10::TypeKind::TensorType;
}

// Finds the values to compare.
class ValuePairs {
public:
  ValuePairs(const jit::Graph& before, const jit::Graph& after)
      : before_(before), after_(after), match_(match_graphs(before, after)) {}

  std::vector<Compared> run() {
    jit::Block& whole = *const_cast<jit::Graph&>(after_).block();
    walk(
        whole, [&](const jit::Node& node) { places_.emplace(&node, places_.size()); }, /*subgraphs=*/true);
    walk(whole, [&](const jit::Node& node) {
      for (const jit::Value* output : node.outputs()) {
        if (is_tensor_value(*output)) {
          add(*output);
        }
      }
    });
    return std::move(compared_);
  }

private:
  // The result of the partner, and what partners of the users took: a pass may have moved the work of one operator into
  // another, as batch norm into a convolution.
  void add(const jit::Value& value) {
    Compared entry{&value, places_.at(value.node()), {}};
    take(entry, match_.partner(value));
    for (const jit::Use& use : value.uses()) {
      take(entry, use.user == after_.return_node() ? output(use.offset) : input(*use.user, use.offset));
    }
    if (!entry.before.empty()) {
      compared_.push_back(std::move(entry));
    }
  }

  static void take(Compared& entry, const jit::Value* before) {
    if (before != nullptr && is_tensor_value(*before) &&
        std::ranges::find(entry.before, before) == entry.before.end()) {
      entry.before.push_back(before);
    }
  }

  const jit::Value* output(size_t index) const {
    return index < before_.outputs().size() ? before_.outputs()[index] : nullptr;
  }

  const jit::Value* input(const jit::Node& user, size_t index) const {
    const jit::Node* partner = match_.partner(user);
    return partner != nullptr && index < partner->inputs().size() ? partner->inputs()[index] : nullptr;
  }

  const jit::Graph& before_;
  const jit::Graph& after_;
  GraphMatch match_;
  std::unordered_map<const jit::Node*, size_t> places_;
  std::vector<Compared> compared_;
};

at::Tensor plain(const at::Tensor& tensor) {
  const at::Tensor dense = tensor.layout() == at::kStrided ? tensor : tensor.to_dense();
  return (dense.is_quantized() ? dense.dequantize() : dense).detach();
}

// The results of the run before, and how far those of the run after deviate from the nearest of them. A node in a loop
// has several.
class DriftRun {
public:
  explicit DriftRun(const std::vector<Compared>& compared) : compared_(compared), next_(compared.size()) {
    drift_.resize(compared.size());
  }

  void keep(const jit::Value* value, const c10::IValue& seen) {
    const at::Tensor tensor = seen.isTensor() ? seen.toTensor() : at::Tensor();
    kept_ += tensor.defined() ? tensor.nbytes() : 0;
    before_[value].push_back(tensor.defined() && kept_ <= most_kept ? tensor.detach().clone() : at::Tensor());
  }

  void compare(size_t index, const c10::IValue& seen) {
    const size_t number = next_[index]++;
    std::optional<double> nearest;
    for (const jit::Value* value : compared_[index].before) {
      const std::vector<at::Tensor>& results = before_[value];
      const bool known =
          number < results.size() && results[number].defined() && seen.isTensor() && seen.toTensor().defined();
      const auto drift = known ? drift_of(results[number], seen.toTensor()) : std::nullopt;
      nearest = drift && (!nearest || *drift < *nearest) ? drift : nearest;
    }
    if (nearest) {
      drift_[index] = std::max(drift_[index].value_or(0), *nearest);
    }
  }

  const std::optional<double>& drift(size_t index) const { return drift_[index]; }
  bool left_out() const { return kept_ > most_kept; }

private:
  const std::vector<Compared>& compared_;
  std::map<const jit::Value*, std::vector<at::Tensor>> before_;
  std::vector<size_t> next_;
  std::vector<std::optional<double>> drift_;
  size_t kept_ = 0;
};

void run_probed(const GraphPtr& graph, const Unit& unit, const DriftSettings& settings, const char* what) {
  const Phase phase(fmt::format("running {} {}", unit.name(), what));
  drop_bare_profiles(*graph);
  const std::vector<SwitchScope> switches = switches_for(*graph);
  jit::Stack stack = copied_stack(unit, settings.inputs, settings.grad);
  try {
    const jit::Code code(graph, unit.name());
    const c10::AutoGradMode grad_mode(settings.grad);
    const jit::GraphOptimizerEnabledGuard as_it_stands(false);
    seed_generators(settings.seed);
    jit::InterpreterState(code).run(stack);
  } catch (const std::exception& error) {
    throw Error(ErrorKind::check, run_failure(fmt::format("running {} {}", unit.name(), what), error, settings.grad));
  }
}

} // namespace

std::optional<double> drift_of(const at::Tensor& reference, const at::Tensor& value) {
  if (reference.sizes() != value.sizes() || reference.is_complex() != value.is_complex()) {
    return std::nullopt;
  }
  if (reference.numel() == 0) {
    return 0;
  }
  const at::ScalarType wide = reference.is_complex() ? at::kComplexDouble : at::kDouble;
  const at::Tensor one = plain(reference).to(wide);
  const at::Tensor other = plain(value).to(wide).to(one.device());
  const at::Tensor same = one.eq(other).logical_or(one.ne(one).logical_and(other.ne(other)));
  const at::Tensor differences = one.sub(other).abs().masked_fill(same, 0);
  const double largest = differences.max().item<double>();
  const double scale = one.abs().masked_fill(one.ne(one), 0).max().item<double>();
  if (largest == 0) {
    return 0;
  }
  const double ratio = largest / scale;
  return std::isfinite(ratio) ? ratio : std::numeric_limits<double>::infinity();
}

NodeMeasures drift_measures(const Unit& before, const Unit& after, const jit::Graph& graph,
                            const DriftSettings& settings) {
  const GraphPtr one = inlined(*before.graph());
  const GraphPtr other = const_cast<jit::Graph&>(graph).copy(); // it only reads
  NodeMeasures measures{.what = Measure::drift, .of_node = {}, .how = {}};
  walk(
      *other->block(), [&](const jit::Node&) { measures.of_node.emplace_back(); }, /*subgraphs=*/true);
  const std::vector<Compared> compared = ValuePairs(*one, *other).run();
  DriftRun runs(compared);
  std::set<const jit::Value*> probed;
  for (size_t i = 0; i < compared.size(); ++i) { // the graphs are this function's own
    for (const jit::Value* before_them : compared[i].before) {
      if (probed.insert(before_them).second) {
        add_probe(const_cast<jit::Value*>(before_them),
                  [&runs, before_them](const c10::IValue& seen) { runs.keep(before_them, seen); });
      }
    }
    add_probe(const_cast<jit::Value*>(compared[i].after),
              [&runs, i](const c10::IValue& seen) { runs.compare(i, seen); });
  }
  run_probed(one, before, settings, "before the passes");
  run_probed(other, after, settings, "after the passes");
  for (size_t i = 0; i < compared.size(); ++i) {
    auto& known = measures.of_node[compared[i].node];
    known = runs.drift(i) ? std::max(known.value_or(0), *runs.drift(i)) : known;
  }
  measures.how = "largest difference from the result before the passes, divided by its largest element";
  measures.how += runs.left_out() ? "; what exceeds the memory for it is not compared" : "";
  return measures;
}

} // namespace tsir
