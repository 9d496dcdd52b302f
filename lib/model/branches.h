// Which branches of a graph never run, as far as constants and the flags `training` of the modules decide it.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

class Branches {
public:
  // `flag`: the value of a module's attribute `training`, by its path in the module ("bn1.training"); std::nullopt if
  // it is unknown.
  using Flag = std::function<std::optional<bool>(const std::string& path)>;
  explicit Branches(Flag flag) : flag_(std::move(flag)) {}

  // Those of a method of the submodule at that path.
  Branches within(const std::string& path) const;
  // The value of a bool; std::nullopt if it depends on more than constants and flags.
  std::optional<bool> known(const jit::Value& value);
  // Whether the node may run. `within`: the block of the whole graph.
  bool may_run(const jit::Node& node, const jit::Block& within);

private:
  std::optional<bool> find(const jit::Value& value);
  Flag flag_;
  std::unordered_map<const jit::Value*, std::optional<bool>> known_;
  size_t depth_ = 0; // of known() in itself
};

// The path of an attribute that prim::GetAttr reads, from the graph's input on: "bn1.running_mean".
std::string attribute_path(const jit::Value& value);

// The bool attribute at that path; std::nullopt if it is not there. Runs nothing.
std::optional<bool> training_flag(const jit::Module& root, const std::string& path);

} // namespace tsir
