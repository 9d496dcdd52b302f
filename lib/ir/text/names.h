// The values that names stand for while a graph is read.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir::ir_text {

// The names of a block end with it, and may hide those outside. Looking a name up takes the same time at every depth.
class Names {
public:
  // The value of a name, or nullptr. Names are not copied: their text must outlive this object.
  jit::Value* find(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : found->second;
  }
  // Names a value in the innermost block that has begun.
  void define(std::string_view name, jit::Value* value);
  // Names a value in the graph outside of all blocks. The name must not be known.
  void define_outside(std::string_view name, jit::Value* value) { values_[name] = value; }

  void begin_block() { starts_.push_back(hidden_.size()); }
  // Ends blocks until `depth` of them are left.
  void end_blocks(size_t depth);
  size_t depth() const { return starts_.size(); }

private:
  struct Hidden {
    std::string_view name;
    jit::Value* value; // nullptr: the name was not known before
  };
  std::unordered_map<std::string_view, jit::Value*> values_;
  std::vector<Hidden> hidden_; // what the names of the blocks stood for before
  std::vector<size_t> starts_; // for each block, where its part of `hidden_` begins
};

} // namespace tsir::ir_text
