// What is kept of edges and frames while boxes of a drawing are replaced by fewer boxes.
#pragma once

#include "lib/render/dot/drawing.h"

#include <map>
#include <set>
#include <tuple>

namespace tsir {

class EdgeMerger {
public:
  enum class Labels {
    count, // an edge that stands for several values says how many
    first, // the label of the first edge stays
  };
  // Adds to `result`, which must outlive this object.
  explicit EdgeMerger(Drawing& result, Labels labels = Labels::count) : result_(result), labels_(labels) {}
  // Adds a copy of `edge` from box `from` to box `to`. If there is one of its kind between them already, it is joined
  // with that.
  void add(const Edge& edge, size_t from, size_t to);

private:
  Drawing& result_;
  Labels labels_;
  std::map<std::tuple<size_t, size_t, EdgeKind>, size_t> known_;
  std::map<size_t, std::set<std::string>> values_; // by index of the edge
};

// Gives the nodes of frames that are empty in `result` to the box for the first box that was in them. `where`: the box
// in `result` for each box of `drawing`. Both have the same frames.
void keep_nodes_of_frames(const Drawing& drawing, const std::vector<size_t>& where, Drawing& result);

} // namespace tsir
