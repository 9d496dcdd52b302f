#include "lib/analysis/storage.h"

#include "lib/analysis/names.h"
#include "lib/ir/walk.h"

#include <ATen/TensorUtils.h>

namespace tsir {
namespace {

c10::TensorTypePtr tensor_type(const jit::Value& value) {
  return value.type()->cast<c10::TensorType>();
}

// The alias sets of an argument and, for a list, of its elements.
void collect(const c10::AliasInfo* info, std::unordered_set<c10::Symbol>& sets) {
  if (info == nullptr) {
    return;
  }
  sets.insert(info->beforeSets().begin(), info->beforeSets().end());
  for (const c10::AliasInfo& contained : info->containedTypes()) {
    collect(&contained, sets);
  }
}

bool differs(const auto& left, const auto& right) {
  return left && right && *left != *right;
}

// Whether the types prove that an operator that may return its input has made a copy.
bool is_copy(const jit::Node& node, const jit::Value& from, const jit::Value& output) {
  const auto before = tensor_type(from);
  const auto after = tensor_type(output);
  if (!before || !after) {
    return false;
  }
  if (differs(before->scalarType(), after->scalarType()) || differs(before->device(), after->device())) {
    return node.kind() != c10::aten::view; // view(dtype) refers to the same memory
  }
  const auto sizes = before->sizes().concrete_sizes();
  const auto strides = before->strides().concrete_sizes();
  const auto new_sizes = after->sizes().concrete_sizes();
  if (!sizes || !strides || !new_sizes) {
    return false;
  }
  static const std::set<std::string> reshaping{"aten::reshape", "aten::flatten", "aten::reshape_as"};
  if (reshaping.contains(node.kind().toQualString())) {
    return !at::detail::computeStride(at::IntArrayRef(*sizes), at::IntArrayRef(*strides), at::IntArrayRef(*new_sizes));
  }
  return node.kind() == c10::aten::contiguous &&
         differs(before->strides().concrete_sizes(), after->strides().concrete_sizes());
}

} // namespace

std::optional<std::vector<int64_t>> sizes_of(const jit::Value& value) {
  const auto type = tensor_type(value);
  return type ? type->sizes().concrete_sizes() : std::nullopt;
}

std::optional<uint64_t> bytes_of(const jit::Value& value) {
  const auto type = tensor_type(value);
  const auto sizes = sizes_of(value);
  if (!type || !type->scalarType() || !sizes) {
    return std::nullopt;
  }
  const auto strides = type->strides().concrete_sizes();
  uint64_t bytes = c10::elementSize(*type->scalarType());
  for (size_t i = 0; i < sizes->size(); ++i) {
    const bool repeated = strides && strides->size() == sizes->size() && (*strides)[i] == 0 && (*sizes)[i] > 0;
    bytes *= repeated ? 1 : static_cast<uint64_t>((*sizes)[i]);
  }
  return bytes;
}

std::vector<const jit::Value*> elements_of(const jit::Value& list) {
  if (list.node()->kind() != c10::prim::ListConstruct) {
    return {};
  }
  const auto inputs = list.node()->inputs();
  return {inputs.begin(), inputs.end()};
}

const jit::Value* memory_from(const jit::Node& node, const jit::Value& output) {
  if (node.kind() == c10::prim::ConstantChunk) {
    return node.input(0);
  }
  const c10::FunctionSchema* schema = node.maybeSchema();
  if (schema == nullptr || schema->is_vararg() || output.offset() >= schema->returns().size()) {
    return nullptr;
  }
  std::unordered_set<c10::Symbol> sets;
  collect(schema->returns()[output.offset()].alias_info(), sets);
  for (size_t i = 0; i < std::min(node.inputs().size(), schema->arguments().size()); ++i) {
    const c10::AliasInfo* info = schema->arguments()[i].alias_info();
    const bool shared =
        info != nullptr && std::ranges::any_of(info->beforeSets(), [&](c10::Symbol set) { return sets.contains(set); });
    if (shared && is_tensor(*node.input(i))) {
      return is_copy(node, *node.input(i), output) ? nullptr : node.input(i);
    }
  }
  return nullptr;
}

bool is_view(const jit::Node& node) {
  return !writes_in_place(node) && !node.outputs().empty() &&
         std::ranges::all_of(node.outputs(),
                             [&](const jit::Value* output) { return memory_from(node, *output) != nullptr; });
}

} // namespace tsir
