// The state of build_drawing(). Private to build*.cpp.
#pragma once

#include "lib/model/state_flow.h"
#include "lib/render/dot/attributes.h"
#include "lib/render/dot/build.h"

namespace tsir {

// The origin of a value within the drawing.
struct BoxSource {
  size_t box;
};
struct ConstantSource {
  std::string text;
  std::string name; // "%3"
  bool tensor = false;
  uint64_t elements = 0; // of a tensor
};
// A computation of scalars that is shown as text where its result is used.
struct ScalarSource {
  std::string text;                  // "%x.size(0) * 2"
  std::string name;                  // "%3"
  std::vector<const jit::Value*> of; // the values with boxes that it reads
};
using Source = std::variant<BoxSource, ConstantSource, AttributeAt, ScalarSource>;

// An input of a node, with the name of its parameter ("" if there is none).
struct Operand {
  const jit::Value* value;
  size_t index;
  std::string parameter;
  bool none_by_default = false; // None is the default value
};

class Builder {
public:
  explicit Builder(const BuildSettings& settings);
  BuiltDrawing build(GraphPtr named);

private:
  // build.cpp
  void inputs(const jit::Graph& graph);
  void outputs(const jit::Graph& graph);
  void block(const jit::Block& block, int cluster);
  void node(const jit::Node& node, int cluster);
  bool constant(const jit::Node& node);
  bool literal(const jit::Node& node);
  bool attribute(const jit::Node& node);
  bool scalar(const jit::Node& node);
  bool add_scalar_operand(const jit::Node& node, const jit::Value& input, std::vector<std::string>& texts,
                          ScalarSource& scalar);
  void call(const jit::Node& node, int cluster);
  void operation(const jit::Node& node, int cluster);
  std::vector<ModuleStep> module_of(const jit::Node& node) const;
  void number_nodes(const jit::Graph& graph);
  size_t box(const jit::Node& node, BoxKind kind, const std::string& title, int cluster);
  void define(size_t box, at::ArrayRef<const jit::Value*> values);

  // build_blocks.cpp
  void branch(const jit::Node& node, int cluster);
  void both_arms(const jit::Node& node, int cluster);
  std::optional<bool> known_condition(const jit::Value& condition);
  bool only_arm(const jit::Node& node, int cluster);
  void arm(const jit::Node& node, size_t taken, int cluster);
  void check(const jit::Node& node, int cluster);
  void loop(const jit::Node& node, int cluster);
  void subgraph(const jit::Node& node, const jit::Graph& graph, int cluster);
  void other_blocks(const jit::Node& node, int cluster);
  int frame(const jit::Node& node, ClusterKind kind, const std::string& title, int parent);
  size_t results(const jit::Node& owner, const jit::Block& block, int cluster, const std::string& title,
                 const std::string& parameter);
  size_t first_box(size_t since, int cluster);
  void control_edge(size_t from, size_t to, const std::string& label, EdgeKind kind = EdgeKind::control);

  // build_guards.cpp
  bool guard(const jit::Node& node);
  void fallback(const jit::Node& node);

  // build_operands.cpp
  void operands(size_t box, const std::vector<Operand>& operands);
  void data_edges(size_t box, const std::vector<Operand>& operands);
  void shape_edges(size_t box, const std::vector<Operand>& operands);
  void constants(size_t box, const std::vector<Operand>& operands);
  void parameters(size_t box, const std::vector<Operand>& operands);
  void attach(size_t box, Box attached, const std::vector<const jit::Value*>& reads = {});
  const Source& source(const jit::Value* value);

  // build_state.cpp
  void find_state(const jit::Graph& graph);
  bool is_state(const AttributeAt& attribute) const;
  std::set<size_t> boxes_that_read(const jit::Node& read) const;
  void state_edges();

  const BuildSettings& settings_;
  Drawing drawing_;
  Branches branches_;
  std::unordered_map<const jit::Value*, Source> sources_;
  std::unordered_map<const jit::Node*, std::vector<ModuleStep>> modules_; // as the settings say
  std::vector<StateFlow> flows_;
  std::set<const jit::Value*> state_;                     // what reads give that see a write
  std::map<const jit::Value*, std::set<size_t>> readers_; // the boxes that show those reads
  std::unordered_map<const jit::Node*, size_t> boxes_;    // the first box of each node
  std::vector<const jit::Node*> nodes_;                   // of each box
  std::unordered_map<const jit::Node*, size_t> places_;   // in walk() with subgraphs
  std::map<std::string, size_t> attached_; // parameter boxes by their text, so that several users share one
};

// All inputs of a node from index `first` on, with the parameter names in its schema.
std::vector<Operand> operands_of(const jit::Node& node, size_t first = 0);
std::string name_of(const jit::Value& value); // "%x"
// The check of types whose result decides whether a fused group runs or, in the second arm, its operators one by one;
// nullptr if the branch is another one.
const jit::Node* guard_of(const jit::Node& node);

} // namespace tsir
