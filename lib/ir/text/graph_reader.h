// One graph of .ir text, with those that its nodes hold.
#pragma once

#include "lib/ir/text/attribute_reader.h"
#include "lib/base/text_error.h"

#include <unordered_map>
#include <unordered_set>

namespace tsir::ir_text {

struct NamedType {
  Word word;
  std::string name;
  c10::TypePtr type; // null where none is written
};

// One graph's names and pending graphs; those within a group know nothing of those outside.
struct GraphState {
  explicit GraphState(jit::Graph* graph) : graph(graph), scopes(1) {}
  jit::Graph* graph;
  std::vector<std::unordered_map<std::string, jit::Value*>> scopes;
  std::vector<HeldGraph> held;
};

// Reading cannot go on after the faults that were found.
class ParseAborted : public std::exception {};

class GraphReader {
public:
  GraphReader(Cursor& cursor, const KeptConstants& kept);
  // A graph and, after it, those that its nodes hold.
  void graph(const GraphPtr& into);
  // Of nodes: after a fault reading goes on with the next one.
  std::vector<TextFault>& faults() { return faults_; }
  // What can be read, and is rarely meant; each doubt once, where it comes first.
  const std::vector<TextFault>& doubts() const { return doubts_; }

private:
  // The labels of all graphs that nodes hold: what else ends in _0 is an operator of that name. And what is defined
  // after the graph.
  void find_labels();
  void held_graph(const HeldGraph& held);

  // --- names
  NamedType named_type();
  std::string variable_name();
  void define(const NamedType& named, jit::Value* value);
  jit::Value* use();
  template <class Visit> void values(const Visit& visit);
  // `add` makes an input without a name.
  template <class Add> void inputs(const Add& add);

  // --- nodes
  void node_or_fault(jit::Block& block);
  // What is wrong in the same way at many places, constants that were left out say, is told once.
  static void add_once(std::vector<TextFault>& to, const TextFault& fault);
  void note_doubt(const Word& start, const std::string& doubt);
  void check(const Word& start, const jit::Node& node);
  // To the next line that begins as a node or as what ends a graph or block does; blocks of the node that began at
  // `start` are passed over. Gives whether there is one.
  bool go_on_after(const Word& start);
  bool is_first_on_line(size_t offset) const;
  // What a fault leaves without a value; nodes that use it are not checked.
  jit::Value* stand_in(const c10::TypePtr& type);
  void node(jit::Block& block, std::vector<NamedType>& outputs);
  // The operator with its attributes.
  jit::Node* operator_of(const std::vector<NamedType>& outputs);
  static bool at_scope(const Cursor& cursor) { return cursor.at(",") && cursor.at("scope", 1) && cursor.at(":", 2); }
  static std::string_view skip_scope(Cursor& cursor);
  void scope(jit::Node& node);
  // Types that are not written are the operator's own.
  void set_types(jit::Node& node, const std::vector<NamedType>& outputs, const Word& start);
  void nested_block(jit::Block& block);

  Cursor& cursor_;
  const KeptConstants& kept_;
  std::shared_ptr<jit::Source> source_;
  std::unordered_set<std::string> labels_;
  std::vector<TextFault> faults_;
  std::vector<TextFault> doubts_;
  std::unordered_set<const jit::Value*> stand_ins_;
  GraphState state_{nullptr};
};

} // namespace tsir::ir_text
