#include "lib/model/state_effects.h"

#include "lib/ir/walk.h"
#include "lib/model/origins.h"

namespace tsir {
namespace {

bool is_none(const jit::Value* value) {
  return value == nullptr || value->type()->kind() == c10::TypeKind::NoneType || value->mustBeNone();
}

// The inputs that the node writes to according to its schema.
std::vector<const jit::Value*> written_inputs(const jit::Node& node) {
  std::vector<const jit::Value*> written;
  const c10::FunctionSchema* schema = node.maybeSchema();
  for (size_t i = 0; schema != nullptr && i < schema->arguments().size() && i < node.inputs().size(); ++i) {
    const auto* alias = schema->arguments()[i].alias_info();
    if (alias != nullptr && alias->isWrite()) {
      written.push_back(node.inputs()[i]);
    }
  }
  return written;
}

// The running statistics of a normalisation that trains.
std::vector<const jit::Value*> written_statistics(const jit::Node& node, Branches& branches) {
  std::vector<const jit::Value*> written;
  const jit::Value* flag = argument(node, "training");
  const bool otherwise = flag != nullptr && branches.known(*flag).value_or(true);
  for (const char* name : {"running_mean", "running_var"}) {
    const jit::Value* statistic = argument(node, name);
    if (!is_none(statistic) && trains(node, otherwise)) {
      written.push_back(statistic);
    }
  }
  return written;
}

} // namespace

const jit::Value* argument(const jit::Node& node, const std::string& name) {
  const c10::FunctionSchema* schema = node.maybeSchema();
  const auto index = schema == nullptr ? std::nullopt : schema->argumentIndexWithName(name);
  const bool given = index && static_cast<size_t>(*index) < node.inputs().size();
  return given ? node.inputs()[static_cast<size_t>(*index)] : nullptr;
}

c10::IValue constant_argument(const jit::Node& node, const std::string& name) {
  const jit::Value* value = argument(node, name);
  return value == nullptr ? c10::IValue() : jit::toIValue(value).value_or(c10::IValue());
}

bool trains(const jit::Node& node, bool otherwise) {
  const bool normalises = argument(node, "running_mean") != nullptr;
  if (normalises && is_none(argument(node, "running_mean"))) {
    return false; // it has nothing to train
  }
  for (const char* name : {"training", "train", "use_input_stats"}) {
    if (const jit::Value* value = argument(node, name)) {
      const c10::IValue constant = constant_argument(node, name);
      const c10::IValue dropout = constant_argument(node, "dropout"); // of recurrent layers
      const bool drops_nothing = dropout.isDouble() && dropout.toDouble() == 0;
      return (constant.isBool() ? constant.toBool() : otherwise) && !drops_nothing && !is_none(value);
    }
  }
  return false;
}

std::vector<StateWrite> state_writes_of(const jit::Graph& graph, Branches& branches) {
  std::vector<StateWrite> writes;
  OriginFinder finder(graph);
  const auto note = [&](const jit::Node& node, const jit::Value& written, bool trains) {
    for (const std::string& origin : finder.of(written)) {
      writes.push_back({&node, origin, trains});
    }
  };
  const jit::Block& whole = *const_cast<jit::Graph&>(graph).block();
  const auto visit = [&](const jit::Node& node) {
    if (!branches.may_run(node, whole)) {
      return;
    }
    for (const jit::Value* value : written_inputs(node)) {
      note(node, *value, false);
    }
    for (const jit::Value* value : written_statistics(node, branches)) {
      note(node, *value, true);
    }
  };
  walk(whole, visit, /*subgraphs=*/true);
  return writes;
}

std::vector<Effect> state_effects_of(const jit::Graph& graph, Branches branches) {
  std::vector<Effect> effects;
  std::map<std::tuple<std::string, std::string, std::string>, size_t> known;
  for (const StateWrite& write : state_writes_of(graph, branches)) {
    const jit::Node& node = *write.node;
    const bool conditional = node.owningBlock() != node.owningGraph()->block();
    const std::string name = node.kind().toQualString();
    const std::string what = write.trains ? fmt::format("trains, and changes {}", write.origin)
                                          : fmt::format("changes {} in place", write.origin);
    const auto [at, is_new] = known.emplace(std::tuple(name, what, place_of(node)), effects.size());
    if (is_new) {
      effects.push_back({name, what, place_of(node), conditional});
    } else {
      effects[at->second].conditional &= conditional;
    }
  }
  return effects;
}

} // namespace tsir
