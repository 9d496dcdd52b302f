// The names of values as text shows them.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir::ir_text {

enum class Numbering {
  kept, // the numbers that LibTorch has given the values
  fresh // from 0 on, in the order in which the text defines the values
};

// Names are those that people gave; other values have numbers. One object serves one graph.
class ValueNames {
public:
  explicit ValueNames(Numbering numbering) : numbering_(numbering) {}
  // The next value that the text defines.
  void define(const jit::Value& value);
  // Appends %x, %12 or %"a b".
  void append(const jit::Value& value, std::string& to) const;

private:
  Numbering numbering_;
  std::vector<size_t> numbers_; // by LibTorch's number; unknown: LibTorch's number itself
  size_t next_ = 0;
};

} // namespace tsir::ir_text
