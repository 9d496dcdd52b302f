#include "lib/render/dot/levels.h"

#include "lib/base/error.h"
#include "lib/ir/walk.h"
#include "lib/render/dot/collapse.h"
#include "lib/render/dot/groups.h"
#include "lib/render/dot/level_search.h"
#include "lib/render/dot/repeats.h"

namespace tsir {
namespace {

// Larger graphs are not inlined to see whether all of their operators can be drawn.
constexpr size_t most_built = 100'000;
// Of submodules in a graph that is not inlined.
constexpr size_t assumed_depth = 6;

struct Fold {
  const char* name;
  bool BuildSettings::*setting;
};

// Each keeps what those before it fold.
constexpr std::array folds = std::to_array<Fold>({
    {"every operator, constants in the labels", &BuildSettings::fold_constants},
    {"every operator, constants and weights in the labels", &BuildSettings::fold_parameters},
    {"every operator, without checks", &BuildSettings::hide_checks},
    {"every operator of tensors, sizes in the labels, without checks", &BuildSettings::fold_scalars},
});

size_t depth_of_submodules(const Drawing& drawing) {
  size_t depth = 0;
  for (const Box& box : drawing.boxes) {
    depth = std::max(depth, box.module.size());
  }
  return depth;
}

bool offer_with_repeats(LevelSearch& search, const std::string& name, const Drawing& drawing) {
  return search.offer(name + ", repeated submodules once", repeats_once(drawing, Sameness::exact)) ||
         search.offer(name + ", repeated submodules once, whatever their sizes",
                      repeats_once(drawing, Sameness::operators));
}

// Levels that draw operators. `depth`: of the submodules.
bool offer_operators(LevelSearch& search, const jit::Graph& whole, BuildSettings build, size_t& depth) {
  Drawing drawing = build_drawing(whole, build);
  depth = depth_of_submodules(drawing);
  if (search.offer(LevelSearch::everything, drawing)) {
    return true;
  }
  for (const Fold& fold : folds) {
    build.*fold.setting = true;
    drawing = build_drawing(whole, build);
    if (search.offer(fold.name, drawing)) {
      return true;
    }
  }
  return offer_with_repeats(search, "every operator of tensors, sizes in the labels, without checks", drawing);
}

std::optional<Drawing> submodules_at(const jit::Graph& graph, const BuildSettings& build, size_t depth) {
  if (build.modules != nullptr) { // the graph is inlined already
    const Drawing drawing = build_drawing(graph, build);
    return names_submodules(drawing) ? std::optional(collapsed(drawing, depth)) : std::nullopt;
  }
  try {
    const OpenedGraph opened = inlined_to_level(graph, depth);
    BuildSettings settings = build;
    settings.modules = &opened.modules;
    const Drawing drawing = build_drawing(*opened.graph, settings);
    return names_submodules(drawing) ? std::optional(collapsed(drawing, depth)) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt; // too large at this depth
  }
}

bool offer_submodules(LevelSearch& search, const jit::Graph& graph, const BuildSettings& build, size_t depth) {
  for (size_t level = depth; level > 0; --level) {
    if (const auto drawing = submodules_at(graph, build, level)) {
      if (offer_with_repeats(search, fmt::format("submodules of depth {} as boxes", level), *drawing)) {
        return true;
      }
    }
  }
  return false;
}

} // namespace

bool LevelSearch::offer(const std::string& level, Drawing drawing) {
  const size_t size = size_of(drawing);
  if (found_.next_finer && size >= smallest_) {
    return false;
  }
  smallest_ = size;
  if (size > most_) {
    found_.drawing = std::move(drawing);
    found_.next_finer = size;
    return false;
  }
  take(level, std::move(drawing));
  return true;
}

void LevelSearch::take(const std::string& level, Drawing drawing) {
  found_.drawing = std::move(drawing);
  found_.level = level;
  found_.everything = !found_.next_finer && level == everything;
}

size_t size_of(const Drawing& drawing) {
  return std::max(drawing.boxes.size(), (drawing.edges.size() + 2) / 3);
}

Readable draw_readable(const jit::Graph& graph, const DrawSettings& settings, size_t most) {
  LevelSearch search(most);
  size_t depth = assumed_depth;
  if (inlines_within(graph, most_built) && offer_operators(search, *inlined(graph), settings.build, depth)) {
    return search.result();
  }
  BuildSettings build = settings.build;
  for (const Fold& fold : folds) {
    build.*fold.setting = true;
  }
  if (offer_submodules(search, graph, build, depth)) {
    return search.result();
  }
  if (search.last().boxes.empty()) {
    search.offer("its own operators and calls", build_drawing(graph, build)); // no depth could be inlined
  }
  if (search.offer("branches and loops as boxes", frames_as_boxes(search.last()))) {
    return search.result();
  }
  // Edges count too: where there are many, fewer boxes are needed.
  const Drawing frames = frames_as_boxes(search.last());
  for (size_t parts = most; parts > 3; parts = parts * 2 / 3) {
    if (search.offer("consecutive operators joined", consecutive_as_boxes(frames, parts))) {
      return search.result();
    }
  }
  search.take("consecutive operators joined", consecutive_as_boxes(frames, 3));
  return search.result();
}

} // namespace tsir
