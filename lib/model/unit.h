// What passes work on: a module with one chosen method, or a bare graph that came as text.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

class Unit {
public:
  // `method` must exist in `module` (Error(usage) names those that do). The graph is the method's own: changing it
  // changes the module. Modules that are copies of one another share their graphs: load again for a second unit.
  static Unit of_module(jit::Module module, const std::string& method);
  // A graph by itself, under a name to show ("x.ir").
  static Unit of_graph(GraphPtr graph, std::string name);

  bool has_module() const { return module_.has_value(); }
  // Needs has_module().
  jit::Module& module();
  const jit::Module& module() const;
  // A module pass that returns another module puts it here; it must still have the method.
  void set_module(jit::Module module);

  // The graph that graph passes change. For a module: that of the chosen method, `self` first among its inputs.
  const GraphPtr& graph() const { return graph_; }
  // Takes over the contents of `graph`, for passes that return a new one: methods keep their Graph object.
  void replace_graph(const jit::Graph& graph);

  // The method's name, or the graph's.
  const std::string& name() const { return name_; }
  // What a graph of this unit is called with: the module object first where there is one, then `inputs`.
  jit::Stack stack(const std::vector<c10::IValue>& inputs) const;
  // The schema of the inputs, without self. A bare graph has one made from its inputs' names and types.
  c10::FunctionSchema schema() const;

private:
  std::optional<jit::Module> module_;
  GraphPtr graph_;
  std::string name_;
};

// Names of all methods of `module` that have a graph, `forward` first.
std::vector<std::string> method_names(const jit::Module& module);
// `wanted`; or, where that is empty, `forward` or the only method. Throws Error(usage) that names the methods.
std::string choose_method(const jit::Module& module, const std::string& wanted);

} // namespace tsir
