#include "lib/model/traits.h"

#include "lib/ir/walk.h"
#include "lib/model/calls.h"
#include "lib/model/state_effects.h"

#include <fmt/ranges.h>

namespace tsir {
namespace {

// LibTorch's tag also stands on operators that draw only if they train, or if a probability is not 0.
bool draws(const jit::Node& node, bool training) {
  if (!node.isNondeterministic()) {
    return false;
  }
  const c10::IValue probability = constant_argument(node, "dropout_p"); // of attention
  if (probability.isDouble() && probability.toDouble() == 0) {
    return false;
  }
  const bool only_in_training = argument(node, "training") != nullptr || argument(node, "train") != nullptr;
  return !only_in_training || trains(node, training);
}

// The elements of a list of numbers, as far as they are constants; empty if it is something else.
std::vector<std::optional<int64_t>> known_elements(const jit::Value& value) {
  std::vector<std::optional<int64_t>> elements;
  if (const auto whole = jit::toIValue(&value); whole && whole->isIntList()) {
    const std::vector<int64_t> list = whole->toIntVector();
    elements.assign(list.begin(), list.end());
  } else if (value.node()->kind() == c10::prim::ListConstruct) {
    for (const jit::Value* element : value.node()->inputs()) {
      const auto number = jit::toIValue(element);
      elements.push_back(number && number->isInt() ? std::optional(number->toInt()) : std::nullopt);
    }
  }
  return elements;
}

// The sizes that an operator gives its result, if they begin with a constant size that a trace has seen: "[2, 3, ?]". A
// trace writes sizes down as numbers where the model computes them in Python.
std::string traced_size(const jit::Node& node, const std::set<int64_t>& traced) {
  for (const char* name : {"size", "shape"}) {
    const jit::Value* given = argument(node, name);
    const auto sizes = given == nullptr ? std::vector<std::optional<int64_t>>() : known_elements(*given);
    if (sizes.size() > 1 && sizes.front() && traced.contains(*sizes.front())) {
      std::vector<std::string> texts;
      std::ranges::transform(sizes, std::back_inserter(texts),
                             [](const auto& size) { return size ? std::to_string(*size) : "?"; });
      return fmt::format("[{}]", fmt::join(texts, ", "));
    }
  }
  return "";
}

std::vector<std::string> traits_of_node(const jit::Node& node, const TraitSettings& settings) {
  std::vector<std::string> traits;
  if (!settings.training && trains(node, settings.training)) {
    traits.emplace_back("trains, although the module is in evaluation mode");
  } else if (draws(node, settings.training)) {
    traits.emplace_back("draws random numbers");
  }
  if (const c10::IValue device = constant_argument(node, "device"); device.isDevice()) {
    traits.push_back(fmt::format("works on {}, whatever the device of the inputs", device.toDevice().str()));
  }
  if (const std::string size = traced_size(node, settings.traced_sizes); !size.empty()) {
    traits.push_back(fmt::format("has the size {} of the traced inputs, whatever the size of others", size));
  }
  if (std::string_view(node.kind().toUnqualString()).starts_with("as_strided")) {
    traits.emplace_back("can read outside of its tensor");
  }
  return traits;
}

} // namespace

std::vector<Effect> traits_of(const jit::Graph& graph, const TraitSettings& settings) {
  std::vector<Effect> traits;
  std::set<std::tuple<std::string, std::string, std::string>> known;
  const auto note = [&](const jit::Node& node) {
    for (const std::string& what : traits_of_node(node, settings)) {
      const std::string name = node.kind().toQualString();
      if (known.emplace(name, what, place_of(node)).second) {
        traits.push_back({name, what, place_of(node), false});
      }
    }
  };
  for (const ReachedGraph& reached : reached_graphs(graph)) {
    walk(*reached.graph->block(), note, /*subgraphs=*/true);
  }
  return traits;
}

} // namespace tsir
