#include "lib/model/traits.h"

#include "lib/ir/walk.h"
#include "lib/model/calls.h"
#include "lib/model/state_effects.h"

namespace tsir {
namespace {

bool has_argument(const jit::Node& node, const std::string& name) {
  const c10::FunctionSchema* schema = node.maybeSchema();
  return schema != nullptr && schema->argumentIndexWithName(name).has_value();
}

// LibTorch's tag also stands on operators that draw only if they train, or if a probability is not 0.
bool draws(const jit::Node& node, bool training) {
  if (!node.isNondeterministic()) {
    return false;
  }
  const c10::IValue probability = constant_argument(node, "dropout_p"); // of attention
  if (probability.isDouble() && probability.toDouble() == 0) {
    return false;
  }
  const bool only_in_training = has_argument(node, "training") || has_argument(node, "train");
  return !only_in_training || trains(node, training);
}

std::string trait_of(const jit::Node& node, bool training) {
  if (!training && trains(node, training)) {
    return "trains, although the module is in evaluation mode";
  }
  if (draws(node, training)) {
    return "draws random numbers";
  }
  if (const c10::IValue device = constant_argument(node, "device"); device.isDevice()) {
    return fmt::format("works on {}, whatever the device of the inputs", device.toDevice().str());
  }
  const std::string_view name = node.kind().toUnqualString();
  return name.starts_with("as_strided") ? "can read outside of its tensor" : "";
}

} // namespace

std::vector<Effect> traits_of(const jit::Graph& graph, bool training) {
  std::vector<Effect> traits;
  std::set<std::tuple<std::string, std::string, std::string>> known;
  const auto note = [&](const jit::Node& node) {
    const std::string what = trait_of(node, training);
    const std::string name = node.kind().toQualString();
    if (!what.empty() && known.emplace(name, what, place_of(node)).second) {
      traits.push_back({name, what, place_of(node), false});
    }
  };
  for (const ReachedGraph& reached : reached_graphs(graph)) {
    walk(*reached.graph->block(), note, /*subgraphs=*/true);
  }
  return traits;
}

} // namespace tsir
