// Reads one graph of .ir text, together with the graphs in the attributes of its nodes.
#pragma once

#include "lib/base/text_error.h"
#include "lib/ir/text/attribute_reader.h"
#include "lib/ir/text/names.h"

#include <deque>
#include <unordered_map>
#include <unordered_set>

namespace tsir::ir_text {

struct NamedType {
  Word word;
  std::string_view name; // in the text, or in the reader's memory of names in quotes
  c10::TypePtr type;     // null if the text does not give a type
};

// The names and pending graphs of one graph. The graph of a group cannot see the names of the enclosing graph.
struct GraphState {
  explicit GraphState(jit::Graph* graph) : graph(graph) {}
  jit::Graph* graph;
  Names names;
  std::vector<HeldGraph> held;
};

// Parsing cannot continue after the faults that were found.
class ParseAborted : public std::exception {};

class GraphReader {
public:
  GraphReader(Cursor& cursor, const KeptConstants& kept);
  // Reads a graph, followed by the graphs in the attributes of its nodes.
  void graph(const GraphPtr& into);
  // Faults of nodes. After a fault, parsing continues with the next node.
  std::vector<TextFault>& faults() { return faults_; }
  // Text that is valid but probably a mistake. Each warning is reported once, at its first place.
  const std::vector<TextFault>& warnings() const { return warnings_; }

private:
  // Finds the labels of all graphs that nodes contain, and the definitions after the graph. A name that ends in _0 but
  // is not a label is an operator of that name.
  void find_labels();
  void held_graph(const HeldGraph& held);

  // --- names
  NamedType named_type();
  std::string_view variable_name();
  void define(const NamedType& named, jit::Value* value);
  jit::Value* use();
  template <class Visit> void values(const Visit& visit);
  // `add` creates an unnamed input.
  template <class Add> void inputs(const Add& add);

  // --- nodes
  void node_or_fault(jit::Block& block);
  // Adds a fault unless the same message was added before, such as one for each constant that was left out.
  void add_fault(const TextFault& fault);
  // Adds a warning, unless the same one was added before.
  void note_warning(const Word& start, const std::string& warning);
  void check(const Word& start, const jit::Node& node);
  // Skips to the next line that begins like a node or like the end of a graph or block. Skips the blocks of the node
  // that began at `start`. Returns whether there is such a line.
  bool resume_after(const Word& start);
  bool is_first_on_line(size_t offset) const;
  // A placeholder for a value whose definition is faulty. Nodes that use it are not checked.
  jit::Value* placeholder(const c10::TypePtr& type);
  void node(jit::Block& block, std::vector<NamedType>& outputs);
  // Reads an operator and its attributes.
  jit::Node* operator_of(const std::vector<NamedType>& outputs);
  static bool at_scope(const Cursor& cursor) { return cursor.at(",") && cursor.at("scope", 1) && cursor.at(":", 2); }
  static std::string_view skip_scope(Cursor& cursor);
  // c10::Symbol::fromQualString, which takes a lock and makes strings; a text repeats few operators.
  c10::Symbol symbol(const std::string& kind);
  void scope(jit::Node& node);
  // Sets the types of the outputs. Types that the text does not give are those of the operator's schema.
  void set_types(jit::Node& node, const std::vector<NamedType>& outputs, const Word& start);
  void nested_block(jit::Block& block);

  Cursor& cursor_;
  const KeptConstants& kept_;
  std::shared_ptr<jit::Source> source_;
  std::unordered_set<std::string> labels_;
  std::vector<TextFault> faults_;
  std::vector<TextFault> warnings_;
  std::unordered_set<std::string> warned_; // the texts of the warnings
  std::deque<std::string> quoted_names_;
  std::unordered_map<std::string, c10::Symbol> symbols_;
  std::unordered_set<const jit::Value*> placeholders_;
  GraphState state_{nullptr};
};

} // namespace tsir::ir_text
