// What the objects of a pickle hold, to find cycles and too deep nesting before anything recurses over them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace tsir {

enum class PickleKind : uint8_t { other, integer, text, tuple, global, storage, tensor };

// One object that a pickle describes. `text` is a global's qualified name ("torch._utils _rebuild_tensor_v2") or a
// string; `number` an integer, or a storage's number of elements.
struct PickleItem {
  PickleKind kind = PickleKind::other;
  uint32_t first = 0; // a tuple's items: items_of_tuples[first, first + count)
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
  // The `position`th item of a tuple; nullptr where there is none, or it is no tuple.
  const PickleItem* at(const PickleItem& tuple, size_t position) const;
  size_t size() const { return items_.size(); }

  // The longest chain of objects that hold one another; SIZE_MAX where some object holds itself.
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
