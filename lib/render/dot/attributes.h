// The attributes of modules that a graph reads through chains of prim::GetAttr, by their path from the graph's module.
#pragma once

#include "lib/compat/libtorch.h"
#include "lib/render/dot/drawing.h"

namespace tsir {

// What lies at the end of a chain. Without a module only path and type are known.
struct AttributeAt {
  std::vector<std::string> path;    // {"layer1", "0", "conv1", "weight"}; empty for the module itself
  std::optional<c10::IValue> value; // where the graph's module is known
  c10::TypePtr type;

  std::string path_text() const;  // "layer1.0.conv1.weight"
  std::string owner_text() const; // "layer1.0.conv1"
  bool is_module() const;
  AttributeAt member(const std::string& name, const c10::TypePtr& type_of_member) const;
};

// "float32[64,3,7,7]", "bool = False", a class by its last name.
std::string describe(const AttributeAt& attribute);
// How many numbers a tensor holds; 0 for everything else.
uint64_t elements_of(const AttributeAt& attribute);
// How many numbers the parameters of a module and of all its submodules hold, shared ones counted once.
uint64_t parameters_of(const AttributeAt& module);

} // namespace tsir
