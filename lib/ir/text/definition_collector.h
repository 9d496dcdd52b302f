// Collects the named definitions that graphs and values need: classes, named tuples, Enums, interfaces and functions.
#pragma once

#include "lib/ir/text/lossless.h"

#include <deque>

namespace tsir::ir_text {

class DefinitionCollector {
public:
  using Thing = std::variant<c10::NamedTypePtr, jit::Function*>;

  // Adds all definitions that the argument needs, directly or indirectly. Throws Error(check) if two different
  // definitions have the same name.
  void add(const jit::Graph& graph);
  void add(const c10::IValue& value);
  void add(const c10::TypePtr& type);

  // The definitions in the order in which they were found. A function that is a method or hook of a collected class is
  // omitted.
  std::vector<Thing> in_order() const;
  const std::vector<GraphPtr>& graphs() const { return graphs_; } // of methods and functions, each once
  const SharedSizes& sizes() const { return sizes_; }             // of all types that were visited

private:
  void finish(); // processes what the definitions added since then need
  void note(const c10::TypePtr& type);
  void note(const c10::IValue& value);
  void note(const jit::Graph& graph);
  void note_block(const jit::Block& block);
  void note_attribute(const jit::Node& node, c10::Symbol name);
  void note_function(jit::Function& function);
  void note_body(jit::Function& function);
  void note_schema(const c10::FunctionSchema& schema);
  void note_named(const c10::NamedTypePtr& type);
  void note_parts(const c10::NamedType& type);

  std::deque<Thing> things_;
  size_t done_ = 0;
  std::vector<GraphPtr> graphs_;
  SharedSizes sizes_;
  std::unordered_map<std::string, Thing> by_name_;
  std::unordered_set<const void*> seen_;
};

// All methods of a class, and the functions of its hooks, each once.
std::vector<jit::Function*> functions_of(const c10::ClassType& type);

} // namespace tsir::ir_text
