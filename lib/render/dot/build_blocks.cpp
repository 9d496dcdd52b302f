// Draws branches, loops and subgraphs: frames with their contents, and the boxes where values enter and leave them.
#include "lib/ir/walk.h"
#include "lib/render/dot/builder.h"
#include "lib/render/dot/kinds.h"
#include "lib/render/dot/text.h"

namespace tsir {
namespace {

bool is_empty(const jit::Block& block) {
  return block.nodes().begin() == block.nodes().end();
}

// Whether a block ends by raising an error, without any other effects.
bool only_raises(const jit::Block& block) {
  bool raises = false;
  for (const jit::Node* node : block.nodes()) {
    const bool raise = node->kind() == c10::prim::RaiseException;
    if (raises || !node->blocks().empty() || (has_effects(*node) && !raise) || writes_in_place(*node)) {
      return false;
    }
    raises = raise;
  }
  return raises;
}

// The arm of an If that only raises an error, if the other one does not.
std::optional<size_t> raising_arm(const jit::Node& node) {
  const auto blocks = node.blocks();
  const bool first = only_raises(*blocks[0]);
  return first != only_raises(*blocks[1]) ? std::optional<size_t>(first ? 0 : 1) : std::nullopt;
}

// The constant message that a block raises, or its format string.
std::string message_of(const jit::Block& block) {
  const auto text_of = [](const jit::Value* value) -> std::string {
    const auto content = jit::toIValue(value);
    return content && content->isString() ? content->toStringRef() : "";
  };
  const jit::Node* raise = *block.nodes().rbegin();
  const jit::Value* message = raise->input(0);
  const bool formats = message->node()->kind() == c10::aten::format && !message->node()->inputs().empty();
  return formats ? text_of(message->node()->input(0)) : text_of(message);
}

} // namespace

int Builder::frame(const jit::Node& node, ClusterKind kind, const std::string& title, int parent) {
  drawing_.clusters.push_back({kind, title, tooltip_text(node), parent, module_of(node)});
  return static_cast<int>(drawing_.clusters.size()) - 1;
}

void Builder::control_edge(size_t from, size_t to, const std::string& label, EdgeKind kind) {
  Edge edge;
  edge.from = from;
  edge.to = to;
  edge.kind = kind;
  edge.label = label;
  drawing_.edges.push_back(std::move(edge));
}

// The box for the return values of a block.
size_t Builder::results(const jit::Node& owner, const jit::Block& block, int cluster, const std::string& title,
                        const std::string& parameter) {
  const size_t index = box(owner, BoxKind::control, title, cluster);
  Box& drawn = drawing_.boxes[index];
  drawn.operators = 0;
  std::vector<Operand> given;
  for (size_t i = 0; i < block.outputs().size(); ++i) {
    given.push_back({block.outputs()[i], i, i == 0 ? parameter : ""});
  }
  operands(index, given);
  return index;
}

// The first box of a frame. An empty frame gets a box with the text "nothing".
size_t Builder::first_box(size_t since, int cluster) {
  for (size_t i = since; i < drawing_.boxes.size(); ++i) {
    if (drawing_.boxes[i].cluster >= cluster && drawing_.boxes[i].kind != BoxKind::constant &&
        drawing_.boxes[i].kind != BoxKind::parameter) {
      return i;
    }
  }
  Box box;
  box.kind = BoxKind::control;
  box.title = "nothing";
  box.cluster = cluster;
  if (cluster >= 0) {
    box.module = drawing_.clusters[static_cast<size_t>(cluster)].module;
  }
  drawing_.boxes.push_back(std::move(box));
  return drawing_.boxes.size() - 1;
}

// Draws a branch that only raises an error, which scripted models contain often.
void Builder::check(const jit::Node& node, int cluster) {
  const size_t index = box(node, BoxKind::effect, "check", cluster);
  const bool raises_when = raising_arm(node) == 0;
  Box& drawn = drawing_.boxes[index];
  drawn.lines.push_back(raises_when ? "raises if true" : "raises if false");
  if (const std::string message = message_of(*node.blocks()[raises_when ? 0 : 1]); !message.empty()) {
    drawn.lines.push_back(shortened(message, 32));
    drawn.tooltip += "\n" + shortened(message, 300);
  }
  operands(index, {{node.input(), 0, "condition"}});
}

void Builder::branch(const jit::Node& node, int cluster) {
  if (!only_arm(node, cluster)) {
    both_arms(node, cluster);
  }
}

// Draws the arm without a frame, as if there were no branch.
void Builder::arm(const jit::Node& node, size_t taken, int cluster) {
  const jit::Block& body = *node.blocks()[taken];
  block(body, cluster);
  for (size_t i = 0; i < node.outputs().size(); ++i) {
    const Source result = source(body.outputs()[i]); // a copy, because inserting may move the original
    sources_[node.outputs()[i]] = result;
    if (const auto* made = std::get_if<BoxSource>(&result)) {
      drawing_.boxes[made->box].values.push_back(name_of(*node.outputs()[i]));
    }
  }
}

// Known from constants, or from an attribute that nothing writes.
std::optional<bool> Builder::known_condition(const jit::Value& condition) {
  const auto* attribute = std::get_if<AttributeAt>(&source(&condition));
  const bool fixed = attribute != nullptr && attribute->value && attribute->value->isBool() && !is_state(*attribute);
  return fixed ? std::optional(attribute->value->toBool()) : branches_.known(condition);
}

// Where only one arm matters, because the other one never runs, only raises an error, or is the fallback of a group.
bool Builder::only_arm(const jit::Node& node, int cluster) {
  if ((settings_.fold_checks || settings_.hide_checks) && guard_of(node) != nullptr) {
    fallback(node);
    arm(node, 0, cluster);
    return true;
  }
  if (settings_.hide_checks) {
    if (const auto known = known_condition(*node.input())) {
      arm(node, *known ? 0 : 1, cluster);
      return true;
    }
  }
  const auto raising = settings_.fold_checks ? raising_arm(node) : std::nullopt;
  if (!raising) {
    return false;
  }
  if (!settings_.hide_checks) {
    check(node, cluster);
  }
  arm(node, 1 - *raising, cluster);
  return true;
}

void Builder::both_arms(const jit::Node& node, int cluster) {
  const int whole = frame(node, ClusterKind::control, "If", cluster);
  const size_t head = box(node, BoxKind::control, "If", whole);
  operands(head, {{node.input(), 0, "condition"}});

  std::vector<size_t> ends;
  for (size_t i = 0; i < 2; ++i) {
    const std::string title = i == 0 ? "then" : "else";
    if (node.outputs().empty() && is_empty(*node.blocks()[i]) && !is_empty(*node.blocks()[1 - i])) {
      continue; // an empty branch
    }
    const int inner = frame(node, ClusterKind::block, title, whole);
    const size_t since = drawing_.boxes.size();
    block(*node.blocks()[i], inner);
    if (!node.outputs().empty()) {
      ends.push_back(results(node, *node.blocks()[i], inner, title + " gives", ""));
    }
    control_edge(head, first_box(since, inner), title);
  }
  if (node.outputs().empty()) {
    return;
  }
  const size_t merge = box(node, BoxKind::control, "end If", whole);
  drawing_.boxes[merge].operators = 0;
  for (const size_t end : ends) {
    control_edge(end, merge, "", EdgeKind::data);
  }
  define(merge, node.outputs());
}

void Builder::loop(const jit::Node& node, int cluster) {
  const jit::Block& body = *node.blocks()[0];
  const int whole = frame(node, ClusterKind::control, "Loop", cluster);
  const size_t head = box(node, BoxKind::control, "Loop", whole);
  auto given = operands_of(node);
  given[0].parameter = "at most";
  if (const auto* count = std::get_if<ConstantSource>(&source(node.input(0)));
      count != nullptr && count->text == constant_text(std::numeric_limits<int64_t>::max())) {
    given.erase(given.begin()); // a `while` loop does not have a limit
  }
  for (Operand& operand : given) {
    if (operand.index > 0 && operand.index <= body.inputs().size()) {
      operand.parameter = operand.index == 1 ? "while" : shortened(body.inputs()[operand.index - 1]->debugName(), 40);
    }
  }
  operands(head, given);

  const int inner = frame(node, ClusterKind::block, "body", whole);
  const size_t entry = box(node, BoxKind::control, "each iteration", inner);
  drawing_.boxes[entry].operators = 0;
  for (const jit::Value* value : body.inputs()) {
    drawing_.boxes[entry].lines.push_back(fmt::format("{} : {}", name_of(*value), type_text(*value->type())));
  }
  define(entry, body.inputs());
  control_edge(head, entry, "");
  block(body, inner);
  const size_t next = results(node, body, inner, "next iteration", "while");
  control_edge(next, entry, "next iteration", EdgeKind::carried);

  if (!node.outputs().empty()) {
    const size_t end = box(node, BoxKind::control, "end Loop", whole);
    drawing_.boxes[end].operators = 0;
    control_edge(next, end, "", EdgeKind::data);
    define(end, node.outputs());
  }
}

// Edges pass straight into the frame: the arguments of a fusion group or forked task are the inputs of its graph.
void Builder::subgraph(const jit::Node& node, const jit::Graph& graph, int cluster) {
  const bool matches = graph.inputs().size() == node.inputs().size() && graph.outputs().size() == node.outputs().size();
  const std::string title = node.kind().toUnqualString();
  const int inner = frame(node, ClusterKind::fused, title, cluster);
  const size_t since = drawing_.boxes.size();
  if (matches) {
    drawing_.clusters.back().nodes = {places_.at(&node)}; // it does not have a box of its own
    for (size_t i = 0; i < graph.inputs().size(); ++i) {
      const Source outer = source(node.input(i)); // a copy, because inserting may move the original
      sources_[graph.inputs()[i]] = outer;
    }
    block(*graph.block(), inner);
    for (size_t i = 0; i < graph.outputs().size(); ++i) {
      const Source result = source(graph.outputs()[i]);
      sources_[node.outputs()[i]] = result;
      if (const auto* made = std::get_if<BoxSource>(&result)) {
        drawing_.boxes[made->box].values.push_back(name_of(*node.outputs()[i]));
      }
    }
    first_box(since, inner);
    return;
  }
  const size_t entry = box(node, BoxKind::fused, title, inner);
  operands(entry, operands_of(node));
  define(entry, graph.inputs());
  block(*graph.block(), inner);
  const size_t end = results(node, *graph.block(), inner, "end " + title, "");
  define(end, node.outputs());
}

// Other nodes with blocks, such as prim::Closure.
void Builder::other_blocks(const jit::Node& node, int cluster) {
  const std::string title = node.kind().toUnqualString();
  const int whole = frame(node, ClusterKind::control, title, cluster);
  const size_t head = box(node, kind_of(node), title, whole);
  drawing_.boxes[head].lines = wrapped(attribute_texts(node), 44);
  operands(head, operands_of(node));
  size_t last = head;
  for (size_t i = 0; i < node.blocks().size(); ++i) {
    const jit::Block& body = *node.blocks()[i];
    const int inner = frame(node, ClusterKind::block, fmt::format("block {}", i), whole);
    const size_t since = drawing_.boxes.size();
    if (!body.inputs().empty()) {
      define(box(node, BoxKind::control, "inputs", inner), body.inputs());
    }
    block(body, inner);
    if (!body.outputs().empty()) {
      last = results(node, body, inner, "gives", "");
    }
    control_edge(head, first_box(since, inner), "");
  }
  define(last, node.outputs());
}

} // namespace tsir
