#include "lib/render/dot/graphviz.h"

#include "lib/base/error.h"
#include "lib/render/dot/cgraph_writer.h"

#include <fmt/format.h>
#include <gvc.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace tsir {
namespace {

// Collects Graphviz's messages, instead of printing them to standard error, during its lifetime.
class Messages {
public:
  Messages() {
    text_.clear();
    before_ = agseterrf(&collect);
  }
  ~Messages() { agseterrf(before_); }
  Messages(const Messages&) = delete;
  Messages& operator=(const Messages&) = delete;
  // The first line.
  std::string line() const { return text_.empty() ? "" : one_line(std::string_view(text_)); }

private:
  static int collect(char* text) {
    text_ += text;
    return 0;
  }
  static inline std::string text_;
  agusererrf before_;
};

std::string dot_text(Agraph_t* graph) {
  char* data = nullptr;
  size_t size = 0;
  std::FILE* stream = open_memstream(&data, &size);
  if (stream == nullptr) {
    throw std::bad_alloc();
  }
  const int failed = agwrite(graph, stream);
  std::fclose(stream);
  const std::unique_ptr<char, decltype(&std::free)> owner(data, &std::free);
  if (failed != 0) {
    throw Error(ErrorKind::check, "Graphviz could not write the drawing as DOT");
  }
  return {data, size};
}

// Cairo's plugins produce better bitmaps than the other plugins of Graphviz.
std::string plugin_format(const std::string& format) {
  return format == "svg" ? "svg" : format + ":cairo";
}

struct CloseContext {
  void operator()(GVC_t* context) const { gvFreeContext(context); }
};

// A layout, which must be freed before its graph and its context.
class Layout {
public:
  Layout(GVC_t* context, Agraph_t* graph, Engine engine)
      : context_(context), graph_(graph), done_(gvLayout(context, graph, engine == Engine::dot ? "dot" : "nop1") == 0) {
  }
  ~Layout() { gvFreeLayout(context_, graph_); }
  Layout(const Layout&) = delete;
  Layout& operator=(const Layout&) = delete;
  bool done() const { return done_; }

private:
  GVC_t* context_;
  Agraph_t* graph_;
  bool done_;
};

} // namespace

std::string to_dot(const Drawing& drawing, const DotSettings& settings) {
  const Messages messages;
  return dot_text(make_cgraph(drawing, settings).get());
}

const std::vector<std::string>& render_formats() {
  static const std::vector<std::string> formats = {"svg", "png", "pdf"};
  return formats;
}

Rendered render(const Drawing& drawing, const std::string& format, const DotSettings& settings, Engine engine) {
  const Messages messages;
  const std::unique_ptr<GVC_t, CloseContext> context(gvContext());
  const CgraphPtr graph =
      engine == Engine::dot ? make_cgraph(drawing, settings) : make_cgraph_in_rows(drawing, settings);
  const auto fail = [&](const char* step) {
    const std::string reason = messages.line();
    throw Error(ErrorKind::check,
                fmt::format("Graphviz could not {} the drawing{}{}", step, reason.empty() ? "" : ": ", reason));
  };
  const Layout layout(context.get(), graph.get(), engine);
  if (!layout.done()) {
    fail("lay out");
  }
  char* data = nullptr;
  unsigned int size = 0;
  if (gvRenderData(context.get(), graph.get(), plugin_format(format).c_str(), &data, &size) != 0 || size == 0) {
    fail("render");
  }
  const std::unique_ptr<char, decltype(&gvFreeRenderData)> owner(data, &gvFreeRenderData);
  return {std::string(data, size), messages.line(), ""};
}

} // namespace tsir
