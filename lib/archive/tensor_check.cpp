#include "lib/archive/tensor_check.h"

#include "lib/base/error.h"
#include "lib/base/units.h"
#include "lib/compat/libtorch.h"

namespace tsir {
namespace {

// Bytes of one element of a storage type such as "torch FloatStorage"; 0 if LibTorch does not know the type.
size_t element_size(std::string_view storage_type) {
  static const auto sizes = [] {
    std::unordered_map<std::string, size_t> map;
    for (int i = 0; i < static_cast<int>(c10::ScalarType::NumOptions); ++i) {
      const auto type = static_cast<c10::ScalarType>(i);
      if (type != c10::ScalarType::Undefined) {
        map.emplace(fmt::format("torch {}Storage", c10::toString(type)), c10::elementSize(type));
      }
    }
    return map;
  }();
  const auto found = sizes.find(std::string(storage_type));
  return found == sizes.end() ? 0 : found->second;
}

bool is(const PickleItem* item, PickleKind kind) {
  return item != nullptr && item->kind == kind;
}

std::optional<std::vector<int64_t>> integers(const PickleGraph& graph, const PickleItem* tuple) {
  if (!is(tuple, PickleKind::tuple)) {
    return std::nullopt;
  }
  std::vector<int64_t> values;
  for (size_t i = 0; i < tuple->count; ++i) {
    const PickleItem* item = graph.at(*tuple, i);
    if (!is(item, PickleKind::integer)) {
      return std::nullopt;
    }
    values.push_back(item->number);
  }
  return values;
}

// The number of elements from the first to the last one that a tensor uses in its storage; std::nullopt on overflow.
std::optional<int64_t> span_of(const std::vector<int64_t>& sizes, const std::vector<int64_t>& strides) {
  int64_t count = 1;
  int64_t last = 0;
  bool empty = false;
  for (size_t i = 0; i < sizes.size(); ++i) {
    int64_t step = 0;
    empty |= sizes[i] == 0;
    if (__builtin_mul_overflow(count, std::max<int64_t>(sizes[i], 1), &count) ||
        __builtin_mul_overflow(std::max<int64_t>(sizes[i], 1) - 1, strides[i], &step) ||
        __builtin_add_overflow(last, step, &last)) {
      return std::nullopt;
    }
  }
  return empty ? 0 : last + 1;
}

} // namespace

std::string storage_problem(const PickleGraph& graph, const PickleItem& tuple, const RecordSize& record_size) {
  const PickleItem* type = graph.at(tuple, 1);
  const PickleItem* key = graph.at(tuple, 2);
  const PickleItem* count = graph.at(tuple, 4);
  if (!is(graph.at(tuple, 0), PickleKind::text) || !is(type, PickleKind::global) || !is(key, PickleKind::text) ||
      !is(graph.at(tuple, 3), PickleKind::text) || !is(count, PickleKind::integer)) {
    return "names a tensor's storage in an unknown way";
  }
  const size_t size = element_size(type->text);
  if (size == 0) {
    return fmt::format("has a tensor of the unknown storage type {}", one_line(type->text, 60));
  }
  const std::string name = one_line(key->text, 60);
  uint64_t bytes = 0;
  if (count->number < 0 || __builtin_mul_overflow(static_cast<uint64_t>(count->number), size, &bytes)) {
    return fmt::format("declares a storage ({}) of {} elements, too large for any memory", name, count->number);
  }
  const auto record = record_size(std::string(key->text));
  if (bytes > 0 && !record) {
    return fmt::format("needs the record {} for a tensor's storage, which the archive lacks: it is incomplete", name);
  }
  if (bytes > record.value_or(0)) {
    return fmt::format("declares a storage of {}, but its record {} has {}", human_bytes(bytes), name,
                       human_bytes(*record));
  }
  return "";
}

int64_t storage_elements(const PickleGraph& graph, const PickleItem& tuple) {
  const std::string_view type = graph.at(tuple, 1)->text;
  const int64_t per_unit = type == "torch QUInt4x2Storage" ? 2 : type == "torch QUInt2x4Storage" ? 4 : 1;
  return graph.at(tuple, 4)->number * per_unit; // at most the bytes of a file, so it does not overflow
}

std::string tensor_problem(const PickleGraph& graph, const PickleItem& tuple) {
  const PickleItem* storage = graph.at(tuple, 0);
  const PickleItem* offset = graph.at(tuple, 1);
  const auto sizes = integers(graph, graph.at(tuple, 2));
  const auto strides = integers(graph, graph.at(tuple, 3));
  if (!is(storage, PickleKind::storage) || !is(offset, PickleKind::integer) || !sizes || !strides) {
    return "describes a tensor in an unknown way";
  }
  if (sizes->size() != strides->size() || sizes->size() > 64) {
    return fmt::format("has a tensor of {} sizes and {} strides", sizes->size(), strides->size());
  }
  const auto negative = [](int64_t value) { return value < 0; };
  if (offset->number < 0 || std::any_of(sizes->begin(), sizes->end(), negative) ||
      std::any_of(strides->begin(), strides->end(), negative)) {
    return "has a tensor with a negative size, stride or offset";
  }
  const auto span = span_of(*sizes, *strides);
  int64_t end = 0;
  if (!span || __builtin_add_overflow(offset->number, *span, &end) || (*span > 0 && end > storage->number) ||
      offset->number > storage->number) {
    return fmt::format("has a tensor of sizes [{}] that reaches beyond its storage of {} elements",
                       fmt::join(*sizes, ", "), storage->number);
  }
  return "";
}

} // namespace tsir
