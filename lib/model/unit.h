// The object that passes transform: a module with one selected method, or a bare graph that was read from text.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

class Unit {
public:
  // `method` must exist in `module`; the Error(usage) lists the existing ones. The graph is the method's own, so a
  // change to it changes the module. Copies of a module share their graphs: load the file again for a second unit.
  static Unit of_module(jit::Module module, const std::string& method);
  // A graph without a module. `name` is used for display ("x.ir").
  static Unit of_graph(GraphPtr graph, std::string name);

  bool has_module() const { return module_.has_value(); }
  // Requires has_module().
  jit::Module& module();
  const jit::Module& module() const;
  // Replaces the module, for module passes that return another one. It must have the same method.
  void set_module(jit::Module module);

  // The graph that graph passes transform. For a module, the graph of the selected method, with `self` as its first
  // input.
  const GraphPtr& graph() const { return graph_; }
  // Takes over the contents of `graph`, for passes that return a new graph. The Graph object of the method is kept.
  void replace_graph(const jit::Graph& graph);

  // The name of the method or of the graph.
  const std::string& name() const { return name_; }
  // The arguments for a call of the graph: the module object first, if there is one, followed by `inputs`.
  jit::Stack stack(const std::vector<c10::IValue>& inputs) const;
  // The schema of the inputs, without self. For a bare graph, it is derived from the names and types of its inputs.
  c10::FunctionSchema schema() const;

private:
  std::optional<jit::Module> module_;
  GraphPtr graph_;
  std::string name_;
};

// Names of all methods of `module` that have a graph, `forward` first.
std::vector<std::string> method_names(const jit::Module& module);
// A method of a module or of one of its submodules.
struct MethodPlace {
  jit::Module module;
  std::string method;
};
// The place of a dotted path: "layer1.forward" is the forward method of layer1. Throws Error(usage) if there is no such
// submodule.
MethodPlace place_of_method(const jit::Module& root, const std::string& path);
// Returns `wanted`; if it is empty, `forward` or the only method. Throws an Error(usage) that lists the methods.
std::string choose_method(const jit::Module& module, const std::string& wanted);

} // namespace tsir
