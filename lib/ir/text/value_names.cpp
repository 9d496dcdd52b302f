#include "lib/ir/text/value_names.h"

#include "lib/ir/text/quoting.h"

#include <charconv>

namespace tsir::ir_text {
namespace {

constexpr size_t unknown = SIZE_MAX;

} // namespace

// Values with names count too, so that the numbers are those of a copy of the graph.
void ValueNames::define(const jit::Value& value) {
  if (numbering_ == Numbering::kept) {
    return;
  }
  if (value.unique() >= numbers_.size()) {
    numbers_.resize(std::max(value.unique() + 1, 2 * numbers_.size()), unknown);
  }
  numbers_[value.unique()] = next_++;
}

void ValueNames::append(const jit::Value& value, std::string& to) const {
  if (value.hasDebugName()) {
    to += variable(value.debugName());
    return;
  }
  const bool defined = value.unique() < numbers_.size() && numbers_[value.unique()] != unknown;
  std::array<char, 24> digits{};
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), defined ? numbers_[value.unique()] : value.unique());
  to += '%';
  to.append(digits.data(), end.ptr);
}

} // namespace tsir::ir_text
