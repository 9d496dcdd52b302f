#include "lib/diff/graph_diff.h"

#include "lib/diff/graph_match.h"
#include "lib/diff/node_text.h"
#include "lib/ir/hash.h"
#include "lib/ir/walk.h"

namespace tsir {
namespace {

std::string arrow(const std::string& before, const std::string& after) {
  return before == after ? before + " -> other contents" : before + " -> " + after;
}

// "%x -> %y". Names may collide: %13 of one graph is not %13 of the other. Then it says what makes each of them.
std::string change_of(const jit::Value* before, const jit::Value* after, FreshNames& names) {
  const bool collide = before != nullptr && after != nullptr && names.of(*before) == names.of(*after);
  const auto text = [&](const jit::Value* value, const char* side) {
    const std::string name = value == nullptr ? "nothing" : "%" + names.of(*value);
    return collide ? fmt::format("{} {} ({})", name, side, value->node()->kind().toQualString()) : name;
  };
  return fmt::format("{} -> {}", text(before, "before"), text(after, "after"));
}

class Differ {
public:
  Differ(const jit::Graph& before, const jit::Graph& after, const DiffSettings& settings, FreshNames& names,
         GraphDifference& result)
      : settings_(settings), match_(match_graphs(before, after)), names_(names), result_(result) {}
  void graphs(const jit::Graph& before, const jit::Graph& after, const std::string& where);

private:
  void blocks(const jit::Block& before, const jit::Block& after, const std::string& where);
  void partners(const jit::Node& before, const jit::Node& after, const std::string& where);
  void inside(const jit::Node& before, const jit::Node& after);
  void alone(NodeChange change, const jit::Node& node, const std::string& where);
  void interface(const jit::Block& before, const jit::Block& after, const std::string& where);
  std::vector<std::string> changes(const jit::Node& before, const jit::Node& after) const;
  void add_inputs(const jit::Node& before, const jit::Node& after, std::vector<std::string>& details) const;
  static void add_attributes(const jit::Node& before, const jit::Node& after, std::vector<std::string>& details);
  void add_types(const jit::Node& before, const jit::Node& after, std::vector<std::string>& details) const;
  bool same(const jit::Value& before, const jit::Value& after) const { return match_.partner(before) == &after; }

  const DiffSettings& settings_;
  GraphMatch match_;
  FreshNames& names_;
  GraphDifference& result_;
  std::unordered_set<const jit::Node*> out_of_order_; // nodes of the second graph
};

// Moving an operator that writes or has other side effects changes its meaning. These are the nodes whose order
// changed: those that now precede a node that they followed. (All nodes outside of the longest unchanged sequence would
// be fewer, but harder to explain.)
std::unordered_set<const jit::Node*> reordered_effects(const jit::Block& before, const GraphMatch& match) {
  std::unordered_set<const jit::Node*> found;
  const jit::Node* last = nullptr;
  for (const jit::Node* node : before.nodes()) {
    const jit::Node* partner = match.partner(*node);
    if (partner == nullptr || (!has_effects(*node) && !writes_in_place(*node))) {
      continue;
    }
    if (last != nullptr && partner->owningBlock() == last->owningBlock() && partner->isBefore(last)) {
      found.insert(partner);
    } else {
      last = partner;
    }
  }
  return found;
}

void Differ::graphs(const jit::Graph& before, const jit::Graph& after, const std::string& where) {
  const jit::Block& a = *const_cast<jit::Graph&>(before).block();
  const jit::Block& b = *const_cast<jit::Graph&>(after).block();
  blocks(a, b, where);
}

// In the order of the second block; removed nodes appear at their position in the first block.
void Differ::blocks(const jit::Block& before, const jit::Block& after, const std::string& where) {
  interface(before, after, where);
  out_of_order_.merge(reordered_effects(before, match_));
  auto next = before.nodes().begin();
  const auto end = before.nodes().end();
  const auto removed_until = [&](const jit::Node* stop) {
    for (; next != end && *next != stop; ++next) {
      if (match_.partner(**next) == nullptr) {
        alone(NodeChange::removed, **next, where);
      }
    }
  };
  for (const jit::Node* node : after.nodes()) {
    const jit::Node* partner = match_.partner(*node);
    if (partner == nullptr) {
      for (; next != end && match_.partner(**next) == nullptr; ++next) { // removed nodes before it come first
        alone(NodeChange::removed, **next, where);
      }
      alone(NodeChange::added, *node, where);
      continue;
    }
    if (next != end && !partner->isBefore(*next)) {
      removed_until(partner);
    }
    partners(*partner, *node, where);
  }
  removed_until(nullptr);
}

void Differ::alone(NodeChange change, const jit::Node& node, const std::string& where) {
  NodeDifference difference{.change = change, .where = where, .before = {}, .after = {}, .details = {}};
  (change == NodeChange::removed ? difference.before : difference.after) = node_line(node, names_);
  result_.nodes.push_back(std::move(difference));
  for (size_t i = 0; i < node.blocks().size(); ++i) {
    for (const jit::Node* nested : node.blocks()[i]->nodes()) {
      alone(change, *nested, fmt::format("block {} of {}", i, node_name(node, names_)));
    }
  }
}

void Differ::partners(const jit::Node& before, const jit::Node& after, const std::string& where) {
  std::vector<std::string> details = changes(before, after);
  if (details.empty()) {
    ++result_.same;
  } else {
    result_.nodes.push_back(
        {NodeChange::changed, where, node_line(before, names_), node_line(after, names_), std::move(details)});
  }
  inside(before, after);
}

void Differ::inside(const jit::Node& before, const jit::Node& after) {
  for (size_t i = 0; i < std::min(before.blocks().size(), after.blocks().size()); ++i) {
    blocks(*before.blocks()[i], *after.blocks()[i], fmt::format("block {} of {}", i, node_name(after, names_)));
  }
  const std::vector<GraphPtr> a = subgraphs_of(before);
  const std::vector<GraphPtr> b = subgraphs_of(after);
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    Differ(*a[i], *b[i], settings_, names_, result_).graphs(*a[i], *b[i], "subgraph of " + node_name(after, names_));
  }
}

// Compares the inputs and outputs of a block.
void Differ::interface(const jit::Block& before, const jit::Block& after, const std::string& where) {
  const std::string in = where.empty() ? "" : where + ": ";
  for (const jit::Value* input : before.inputs()) {
    const jit::Value* partner = match_.partner(*input);
    if (partner == nullptr) {
      result_.interface.push_back(fmt::format("{}input %{} was removed", in, names_.of(*input)));
    } else if (settings_.types && plain_type(*input->type()) != plain_type(*partner->type())) {
      result_.interface.push_back(fmt::format("{}input %{}: {}", in, names_.of(*partner),
                                              arrow(plain_type(*input->type()), plain_type(*partner->type()))));
    }
    if (partner != nullptr && partner->offset() != input->offset()) {
      result_.interface.push_back(
          fmt::format("{}input %{}: position {} -> {}", in, names_.of(*partner), input->offset(), partner->offset()));
    }
  }
  for (const jit::Value* input : after.inputs()) {
    if (match_.partner(*input) == nullptr) {
      result_.interface.push_back(fmt::format("{}input %{} was added", in, names_.of(*input)));
    }
  }
  for (size_t i = 0; i < std::max(before.outputs().size(), after.outputs().size()); ++i) {
    const jit::Value* a = i < before.outputs().size() ? before.outputs()[i] : nullptr;
    const jit::Value* b = i < after.outputs().size() ? after.outputs()[i] : nullptr;
    if (a == nullptr || b == nullptr || !same(*a, *b)) {
      result_.interface.push_back(fmt::format("{}output {}: {}", in, i, change_of(a, b, names_)));
    }
  }
}

std::vector<std::string> Differ::changes(const jit::Node& before, const jit::Node& after) const {
  std::vector<std::string> details;
  add_inputs(before, after, details);
  add_attributes(before, after, details);
  add_types(before, after, details);
  if (before.blocks().size() != after.blocks().size()) {
    details.push_back(fmt::format("blocks: {} -> {}", before.blocks().size(), after.blocks().size()));
  }
  if (out_of_order_.contains(&after)) {
    details.emplace_back("runs before an operator with effects that it followed");
  }
  return details;
}

void Differ::add_inputs(const jit::Node& before, const jit::Node& after, std::vector<std::string>& details) const {
  const auto* schema = after.maybeSchema();
  for (size_t i = 0; i < std::max(before.inputs().size(), after.inputs().size()); ++i) {
    const jit::Value* a = i < before.inputs().size() ? before.inputs()[i] : nullptr;
    const jit::Value* b = i < after.inputs().size() ? after.inputs()[i] : nullptr;
    if (a == nullptr || b == nullptr || !same(*a, *b)) {
      const bool named = schema != nullptr && i < schema->arguments().size();
      details.push_back(fmt::format("input {}{}: {}", i,
                                    named ? fmt::format(" ({})", schema->arguments()[i].name()) : "",
                                    change_of(a, b, names_)));
    }
  }
}

void Differ::add_attributes(const jit::Node& before, const jit::Node& after, std::vector<std::string>& details) {
  for (const c10::Symbol name : before.attributeNames()) {
    const std::string text = attribute_text(before, name);
    if (!after.hasAttribute(name)) {
      details.push_back(fmt::format("attribute {}: {} -> nothing", name.toUnqualString(), text));
    } else if (before.kindOf(name) == jit::AttributeKind::g && after.kindOf(name) == jit::AttributeKind::g) {
      continue; // compared as graphs
    } else if (attribute_hash(before, name) != attribute_hash(after, name)) {
      details.push_back(
          fmt::format("attribute {}: {}", name.toUnqualString(), arrow(text, attribute_text(after, name))));
    }
  }
  for (const c10::Symbol name : after.attributeNames()) {
    if (!before.hasAttribute(name)) {
      details.push_back(fmt::format("attribute {}: nothing -> {}", name.toUnqualString(), attribute_text(after, name)));
    }
  }
}

void Differ::add_types(const jit::Node& before, const jit::Node& after, std::vector<std::string>& details) const {
  if (before.outputs().size() != after.outputs().size()) {
    details.push_back(fmt::format("outputs: {} -> {}", before.outputs().size(), after.outputs().size()));
  }
  for (size_t i = 0; settings_.types && i < std::min(before.outputs().size(), after.outputs().size()); ++i) {
    const c10::TypePtr& type_before = before.outputs()[i]->type();
    const c10::TypePtr& type_after = after.outputs()[i]->type();
    if (type_before == type_after) {
      continue; // most types are one object
    }
    const std::string a = plain_type(*type_before);
    const std::string b = plain_type(*type_after);
    if (a != b) {
      details.push_back(fmt::format("type of %{}: {} -> {}", names_.of(*after.outputs()[i]), a, b));
    }
  }
}

} // namespace

std::string_view to_string(NodeChange change) {
  switch (change) {
  case NodeChange::removed:
    return "removed";
  case NodeChange::added:
    return "added";
  case NodeChange::changed:
    break;
  }
  return "changed";
}

GraphDifference diff_graphs(const jit::Graph& before, const jit::Graph& after, const DiffSettings& settings) {
  FreshNames names;
  GraphDifference result;
  Differ(before, after, settings, names, result).graphs(before, after, "");
  return result;
}

} // namespace tsir
