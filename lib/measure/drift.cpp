// How far the results of nodes deviate after passes.
#include "lib/base/error.h"
#include "lib/diff/graph_match.h"
#include "lib/ir/walk.h"
#include "lib/measure/measures.h"
#include "lib/process/phase.h"
#include "lib/run/bare_profiles.h"
#include "lib/run/failure.h"
#include "lib/run/probe.h"
#include "lib/run/profile.h"
#include "lib/run/state.h"
#include "lib/run/switches.h"

#include <c10/core/GradMode.h>

namespace tsir {
namespace {

// What is kept of the run before the passes. Results beyond it are not compared.
constexpr size_t most_kept = size_t{4} << 30; // bytes

// Values of the two graphs that should be the same, and the node of the second one that makes it.
struct Compared {
  const jit::Value* before;
  const jit::Value* after;
  size_t node;
};

bool is_tensor_value(const jit::Value& value) {
  return value.type()->kind() == c10::TypeKind::TensorType;
}

std::vector<Compared> values_to_compare(const jit::Graph& before, const jit::Graph& after) {
  std::unordered_map<const jit::Node*, size_t> places;
  walk(
      *const_cast<jit::Graph&>(after).block(), [&](const jit::Node& node) { places.emplace(&node, places.size()); },
      /*subgraphs=*/true);
  const GraphMatch match = match_graphs(before, after);
  std::vector<Compared> compared;
  std::set<const jit::Value*> taken;
  const auto add = [&](const jit::Value* one, const jit::Value* other) {
    const bool fits = one != nullptr && is_tensor_value(*one) && is_tensor_value(*other);
    if (fits && places.contains(other->node()) && taken.insert(other).second) {
      compared.push_back({one, other, places.at(other->node())});
    }
  };
  walk(*const_cast<jit::Graph&>(after).block(), [&](const jit::Node& node) {
    for (const jit::Value* output : node.outputs()) {
      add(match.partner(*output), output);
    }
  });
  // The results of the graphs belong together, whatever makes them.
  const size_t count = std::min(before.outputs().size(), after.outputs().size());
  for (size_t i = 0; i < count; ++i) {
    const jit::Value* one = before.outputs()[i];
    const jit::Value* other = after.outputs()[i];
    add(one, other);
    const bool tuples = one->node()->kind() == c10::prim::TupleConstruct &&
                        other->node()->kind() == c10::prim::TupleConstruct &&
                        one->node()->inputs().size() == other->node()->inputs().size();
    for (size_t j = 0; tuples && j < one->node()->inputs().size(); ++j) {
      add(one->node()->inputs()[j], other->node()->inputs()[j]);
    }
  }
  return compared;
}

at::Tensor plain(const at::Tensor& tensor) {
  const at::Tensor dense = tensor.layout() == at::kStrided ? tensor : tensor.to_dense();
  return (dense.is_quantized() ? dense.dequantize() : dense).detach();
}

// The results of the run before, and how far those of the run after deviate from them. A node in a loop has several.
class DriftRun {
public:
  explicit DriftRun(size_t values) : before_(values), next_(values), drift_(values) {}

  void keep(size_t value, const c10::IValue& seen) {
    if (!seen.isTensor() || !seen.toTensor().defined()) {
      return;
    }
    const at::Tensor& tensor = seen.toTensor();
    kept_ += tensor.nbytes();
    before_[value].push_back(kept_ > most_kept ? at::Tensor() : tensor.detach().clone());
  }

  void compare(size_t value, const c10::IValue& seen) {
    const size_t number = next_[value]++;
    if (!seen.isTensor() || !seen.toTensor().defined() || number >= before_[value].size()) {
      return;
    }
    const at::Tensor reference = std::exchange(before_[value][number], at::Tensor());
    const auto drift = reference.defined() ? drift_of(reference, seen.toTensor()) : std::nullopt;
    if (drift) {
      drift_[value] = std::max(drift_[value].value_or(0), *drift);
    }
  }

  const std::optional<double>& drift(size_t value) const { return drift_[value]; }
  bool left_out() const { return kept_ > most_kept; }

private:
  std::vector<std::vector<at::Tensor>> before_;
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
  const std::vector<Compared> compared = values_to_compare(*one, *other);
  DriftRun runs(compared.size());
  for (size_t i = 0; i < compared.size(); ++i) { // the graphs are this function's own
    add_probe(const_cast<jit::Value*>(compared[i].before), [&runs, i](const c10::IValue& seen) { runs.keep(i, seen); });
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
