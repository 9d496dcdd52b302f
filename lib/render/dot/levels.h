// Levels of detail: from every operator, constant and weight to a few boxes. The finest one that can be read is drawn.
#pragma once

#include "lib/render/dot/draw.h"

namespace tsir {

struct Readable {
  Drawing drawing;
  std::string level;                // "submodules of depth 2 as boxes, repeated ones once"
  bool everything = false;          // it is the finest level
  std::optional<size_t> next_finer; // the size that must be allowed for the next finer level; none if it is unknown
};

// What the limit on boxes is about: the number of boxes, or a third of the number of edges if that is more.
size_t size_of(const Drawing& drawing);

constexpr size_t most_readable = 200;

// The finest level with a size of at most `most`. `settings` say what is folded at each level; `collapse`, `around` and
// `inline_calls` are not read. Never fails because the graph is large.
Readable draw_readable(const jit::Graph& graph, const DrawSettings& settings, size_t most);

} // namespace tsir
