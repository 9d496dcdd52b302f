// Converts a drawing to a graph of libcgraph.
#pragma once

#include "lib/render/dot/graphviz.h"

#include <graphviz/cgraph.h>

#include <memory>

namespace tsir {

struct CloseGraph {
  void operator()(Agraph_t* graph) const { agclose(graph); }
};
using CgraphPtr = std::unique_ptr<Agraph_t, CloseGraph>;

CgraphPtr make_cgraph(const Drawing& drawing, const DotSettings& settings);
// The same with a place for each box and straight edges, without frames and edge labels.
CgraphPtr make_cgraph_in_rows(const Drawing& drawing, const DotSettings& settings);

} // namespace tsir
