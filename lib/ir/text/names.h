// The values that names stand for while a graph is read.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir::ir_text {

// The names of a block end with it, and may hide those outside. Looking a name up takes the same time at every depth.
class Names {
public:
  // The value of a name, or nullptr. Names are not copied: their text must outlive this object.
  jit::Value* find(std::string_view name) const {
    if (const size_t number = number_of(name); number < by_number_.size() && by_number_[number] != nullptr) {
      return by_number_[number];
    }
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : found->second;
  }
  // Names a value in the innermost block that has begun.
  void define(std::string_view name, jit::Value* value);
  // Names a value in the graph outside of all blocks. The name must not be known.
  void define_outside(std::string_view name, jit::Value* value) { place_of(name) = value; }

  void begin_block() { starts_.push_back(hidden_.size()); }
  // Ends blocks until `depth` of them are left.
  void end_blocks(size_t depth);
  size_t depth() const { return starts_.size(); }

private:
  // The number that a name is, or `no_number`.
  static constexpr size_t no_number = SIZE_MAX;
  static size_t number_of(std::string_view name) {
    if (name.empty() || name.size() > 8 || (name[0] == '0' && name.size() > 1)) {
      return no_number;
    }
    size_t number = 0;
    for (const char digit : name) {
      if (digit < '0' || digit > '9') {
        return no_number;
      }
      number = 10 * number + static_cast<size_t>(digit - '0');
    }
    return number;
  }
  jit::Value*& place_of(std::string_view name);

  struct Hidden {
    std::string_view name;
    jit::Value* value; // nullptr: the name was not known before
  };
  // Most values of a large graph have numbers, which are not looked up by their text. Numbers far above the count of
  // names are among the others, so that a small text cannot ask for a long list.
  std::vector<jit::Value*> by_number_;
  std::unordered_map<std::string_view, jit::Value*> values_;
  size_t defined_ = 0;
  std::vector<Hidden> hidden_; // what the names of the blocks stood for before
  std::vector<size_t> starts_; // for each block, where its part of `hidden_` begins
};

} // namespace tsir::ir_text
