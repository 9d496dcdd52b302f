// The attributes of modules that a graph reads through chains of prim::GetAttr, by their paths from the graph's module.
#pragma once

#include "lib/compat/libtorch.h"
#include "lib/render/dot/drawing.h"

namespace tsir {

// The attribute at the end of a chain. Without a module, only its path and type are known.
struct AttributeAt {
  std::vector<std::string> path;    // {"layer1", "0", "conv1", "weight"}; empty for the module itself
  std::optional<c10::IValue> value; // set if the graph's module is known
  c10::TypePtr type;
  const jit::Value* read = nullptr; // what the prim::GetAttr at the end gives

  std::string path_text() const;  // "layer1.0.conv1.weight"
  std::string owner_text() const; // "layer1.0.conv1"
  bool is_module() const;
  AttributeAt member(const std::string& name, const c10::TypePtr& type_of_member) const;
};

// "float32[64,3,7,7]", "bool = False", or the last name of a class.
std::string describe(const AttributeAt& attribute);
// The number of elements of a tensor; 0 for everything else.
uint64_t elements_of(const AttributeAt& attribute);
// The number of elements of all parameters of a module and its submodules. Shared parameters are counted once.
uint64_t parameters_of(const AttributeAt& module);

} // namespace tsir
