#include "lib/render/dot/draw.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/ir/walk.h"
#include "lib/render/dot/collapse.h"
#include "lib/render/dot/focus.h"

#include <filesystem>

namespace tsir {
namespace {

Drawing draw_collapsed(const jit::Graph& graph, const DrawSettings& settings) {
  BuildSettings build = settings.build;
  OpenedGraph opened;
  if (build.modules == nullptr) {
    opened = inlined_to_level(graph, settings.collapse);
    build.modules = &opened.modules;
  }
  const Drawing drawing = build_drawing(opened.graph ? *opened.graph : graph, build);
  if (!names_submodules(drawing)) {
    throw Error(ErrorKind::usage,
                fmt::format("{}: this graph does not call submodules, and does not record which submodules "
                            "its operators came from",
                            spelled(Setting::collapse)));
  }
  return collapsed(drawing, settings.collapse);
}

Drawing draw_whole(const jit::Graph& graph, const DrawSettings& settings) {
  if (settings.collapse > 0) {
    return draw_collapsed(graph, settings);
  }
  return build_drawing(settings.inline_calls ? *inlined_to_read(graph) : graph, settings.build);
}

} // namespace

Drawing draw(const jit::Graph& graph, const DrawSettings& settings) {
  Drawing drawing = draw_whole(graph, settings);
  return settings.around.empty() ? drawing : around(drawing, settings.around, settings.depth);
}

std::string drawing_title(const std::string& file, const std::string& method, const std::string& passes) {
  std::string title = file == "-" ? "standard input" : std::filesystem::path(file).filename().string();
  title += method.empty() ? "" : " · " + method;
  title += passes.empty() ? "" : " · after " + passes;
  return title;
}

} // namespace tsir
