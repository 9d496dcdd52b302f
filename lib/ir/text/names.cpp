#include "lib/ir/text/names.h"

namespace tsir::ir_text {

// A name has the same place for as long as this object lives.
jit::Value*& Names::place_of(std::string_view name) {
  const size_t number = number_of(name);
  const auto found = values_.find(name);
  if (number == no_number || found != values_.end() || (number >= by_number_.size() && number > 1000 + 2 * defined_)) {
    return found != values_.end() ? found->second : values_.emplace(name, nullptr).first->second;
  }
  if (number >= by_number_.size()) {
    by_number_.resize(std::max(number + 1, 2 * by_number_.size()), nullptr);
  }
  return by_number_[number];
}

void Names::define(std::string_view name, jit::Value* value) {
  ++defined_;
  jit::Value*& place = place_of(name);
  if (!starts_.empty()) {
    hidden_.push_back({name, place});
  }
  place = value;
}

void Names::end_blocks(size_t depth) {
  for (; starts_.size() > depth; starts_.pop_back()) {
    for (; hidden_.size() > starts_.back(); hidden_.pop_back()) {
      place_of(hidden_.back().name) = hidden_.back().value;
    }
  }
}

} // namespace tsir::ir_text
