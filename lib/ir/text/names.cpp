#include "lib/ir/text/names.h"

namespace tsir::ir_text {

void Names::define(std::string_view name, jit::Value* value) {
  jit::Value*& place = values_.try_emplace(name, nullptr).first->second;
  if (!starts_.empty()) {
    hidden_.push_back({name, place});
  }
  place = value;
}

void Names::end_blocks(size_t depth) {
  for (; starts_.size() > depth; starts_.pop_back()) {
    for (; hidden_.size() > starts_.back(); hidden_.pop_back()) {
      const Hidden& hidden = hidden_.back();
      if (hidden.value == nullptr) {
        values_.erase(hidden.name);
      } else {
        values_[hidden.name] = hidden.value;
      }
    }
  }
}

} // namespace tsir::ir_text
