// Which objects of a pickle contain which others. Finds cycles and deep nesting before any code recurses on them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace tsir {

enum class PickleKind : uint8_t { other, integer, text, tuple, global, storage, tensor };

// Describes one object of a pickle. `text` is the qualified name of a global ("torch._utils _rebuild_tensor_v2") or the
// value of a string; `number` is the value of an integer, or the number of elements of a storage.
struct PickleItem {
  PickleKind kind = PickleKind::other;
  uint32_t first = 0; // the items of a tuple: items_of_tuples[first, first + count)
  uint32_t count = 0;
  int64_t number = 0;
  std::string_view text;
};

class PickleGraph {
public:
  using Index = uint32_t;

  Index add(PickleItem item);
  Index add_tuple(const Index* begin, size_t count);
  void hold(Index holder, Index held) { edges_.push_back({holder, held}); }
  const PickleItem& operator[](Index index) const { return items_[index]; }
  // The item of a tuple at `position`; nullptr if there is none, or if `tuple` is not a tuple.
  const PickleItem* at(const PickleItem& tuple, size_t position) const;
  size_t size() const { return items_.size(); }

  // The length of the longest chain of objects that contain each other; SIZE_MAX if there is a cycle.
  size_t depth() const;

private:
  struct Edge {
    Index holder;
    Index held;
  };
  std::vector<PickleItem> items_;
  std::vector<Index> tuple_items_;
  std::vector<Edge> edges_;
};

} // namespace tsir
