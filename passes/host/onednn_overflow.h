// A fault of oneDNN that no exception tells of. `--emit-cpp` copies this file into the header that it writes.
#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace host_passes::onednn {

namespace jit = torch::jit;

inline constexpr int64_t longest_safe = 1024;

inline bool is_named(const jit::Node& node, const std::unordered_set<std::string>& names) {
  return names.contains(node.kind().toQualString());
}

inline std::optional<std::vector<int64_t>> sizes_of(const jit::Value& value) {
  const auto type = value.type()->cast<c10::TensorType>();
  return type ? type->sizes().concrete_sizes() : std::nullopt;
}

inline bool is_long_row(const jit::Value& value) {
  const auto sizes = sizes_of(value);
  if (!sizes || sizes->empty() || sizes->back() <= longest_safe) {
    return false;
  }
  return std::all_of(sizes->begin(), sizes->end() - 1, [](int64_t size) { return size == 1; });
}

inline bool is_product_of_long_row(const jit::Node& node) {
  static const std::unordered_set<std::string> names{"aten::linear", "aten::matmul", "aten::mm", "aten::bmm"};
  return is_named(node, names) && is_long_row(*node.input(0));
}

// Whether the node is an addition that must not be fused with the product before it: oneDNN 3 writes past its memory if
// a product of one row with constant weights is longer than 1,024 and a tensor is added to it, also after element-wise
// operators. "double free or corruption" then ends the process. Reads the types of a profiled graph.
inline bool adds_to_long_row(const jit::Node& node) {
  static const std::unordered_set<std::string> additions{"aten::add", "aten::add_"};
  if (!is_named(node, additions) || node.outputs().size() != 1) {
    return false;
  }
  const auto sizes = sizes_of(*node.output());
  std::deque<const jit::Node*> open = {&node};
  std::unordered_set<const jit::Node*> seen = {&node};
  while (!open.empty()) {
    const jit::Node* reached = open.front();
    open.pop_front();
    for (const jit::Value* input : reached->inputs()) {
      const jit::Node* maker = input->node();
      if (is_product_of_long_row(*maker)) {
        return true;
      }
      // oneDNN fuses chains of operators that keep the sizes.
      const bool keeps_sizes = maker->kind().is_aten() && sizes && sizes_of(*input) == sizes;
      if (keeps_sizes && seen.size() < 16 && seen.insert(maker).second) {
        open.push_back(maker);
      }
    }
  }
  return false;
}

} // namespace host_passes::onednn
