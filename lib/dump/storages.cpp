#include "lib/dump/storages.h"

#include "lib/ir/dtype_names.h"
#include "lib/model/load/attributes.h"

namespace tsir {
namespace {

using Range = std::pair<uint64_t, uint64_t>; // bytes [first, second) of a storage

// Once this many runs are known, a further tensor counts as seeing everything from its first to its last element.
constexpr size_t most_runs = 1'000'000;

// Adds the runs of neighbouring elements that the tensor consists of, from dimension `at` on.
void add_runs(const at::Tensor& tensor, int64_t at, int64_t offset, std::vector<Range>& runs) {
  const int64_t size = static_cast<int64_t>(tensor.element_size());
  if (at == tensor.dim()) {
    const auto start = static_cast<uint64_t>(offset * size);
    runs.emplace_back(start, start + static_cast<uint64_t>(size));
    return;
  }
  if (at == tensor.dim() - 1 && tensor.stride(at) == 1) {
    const auto start = static_cast<uint64_t>(offset * size);
    runs.emplace_back(start, start + static_cast<uint64_t>(tensor.size(at) * size));
    return;
  }
  const int64_t count = tensor.stride(at) == 0 ? 1 : tensor.size(at);
  for (int64_t i = 0; i < count; ++i) {
    add_runs(tensor, at + 1, offset + i * tensor.stride(at), runs);
  }
}

Range whole_extent(const at::Tensor& tensor) {
  int64_t last = tensor.storage_offset();
  for (int64_t i = 0; i < tensor.dim(); ++i) {
    last += (tensor.size(i) - 1) * tensor.stride(i);
  }
  const auto size = static_cast<uint64_t>(tensor.element_size());
  return {static_cast<uint64_t>(tensor.storage_offset()) * size, static_cast<uint64_t>(last + 1) * size};
}

std::vector<Range> ranges_of(const at::Tensor& tensor, size_t known_runs) {
  if (tensor.numel() == 0) {
    return {};
  }
  const bool many = static_cast<size_t>(tensor.numel()) + known_runs > most_runs;
  if (tensor.is_non_overlapping_and_dense() || many) {
    return {whole_extent(tensor)};
  }
  std::vector<Range> runs;
  add_runs(tensor, 0, tensor.storage_offset(), runs);
  return runs;
}

uint64_t bytes_in(std::vector<Range> ranges) {
  std::ranges::sort(ranges);
  uint64_t bytes = 0;
  uint64_t end = 0;
  for (const auto& [first, last] : ranges) {
    bytes += last > end ? last - std::max(first, end) : 0;
    end = std::max(end, last);
  }
  return bytes;
}

class Storages {
public:
  explicit Storages(const InspectedModule& inspected) : inspected_(inspected) {}

  void add(const std::string& name, const c10::IValue& value) {
    for (const at::Tensor& tensor : tensors_in(value)) {
      if (tensor.defined() && tensor.has_storage() && tensor.storage().data() != nullptr) {
        Seen& seen = by_place_[tensor.storage().data()];
        seen.bytes = tensor.storage().nbytes();
        seen.tensors.push_back(name + " " + tensor_title(tensor));
        const std::vector<Range> ranges = ranges_of(tensor, runs_);
        runs_ += ranges.size();
        seen.ranges.insert(seen.ranges.end(), ranges.begin(), ranges.end());
      }
    }
  }

  std::vector<ShownStorage> shown() {
    std::vector<ShownStorage> storages;
    std::set<std::string> used;
    for (auto& [place, seen] : by_place_) {
      const auto entry = inspected_.storage_entries.find(place);
      const std::string name = entry == inspected_.storage_entries.end() ? "" : entry->second;
      used.insert(name);
      storages.push_back({name, seen.bytes, bytes_in(std::move(seen.ranges)), std::move(seen.tensors)});
    }
    std::ranges::sort(storages, [](const ShownStorage& a, const ShownStorage& b) {
      return std::tuple(b.bytes, a.entry) < std::tuple(a.bytes, b.entry);
    });
    for (const ArchiveEntry& entry : inspected_.archive ? inspected_.archive->entries() : std::vector<ArchiveEntry>()) {
      const bool data = entry.name.starts_with("data/") || entry.name.starts_with("constants/");
      if (data && entry.size > 0 && !used.contains(entry.name)) {
        storages.push_back({entry.name, entry.size, 0, {}});
      }
    }
    return storages;
  }

private:
  struct Seen {
    uint64_t bytes = 0;
    std::vector<std::string> tensors;
    std::vector<Range> ranges;
  };
  const InspectedModule& inspected_;
  std::map<const void*, Seen> by_place_;
  size_t runs_ = 0; // of all tensors so far
};

} // namespace

std::vector<ShownStorage> shown_storages(const InspectedModule& inspected) {
  Storages storages(inspected);
  for (const Attribute& attribute : attributes_of(inspected)) {
    if (attribute.kind != AttributeKind::module && !attribute.value.isObject()) {
      storages.add(attribute.path, attribute.value);
    }
  }
  for (size_t i = 0; i < inspected.constants->size(); ++i) {
    storages.add(fmt::format("CONSTANTS.c{}", i), (*inspected.constants)[i]);
  }
  return storages.shown();
}

} // namespace tsir
