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
  // Never freed: where an edge within a row has a label, Graphviz 2.42 moves the row in memory and frees both places.
  GVC_t* context = gvContext();
  Agraph_t* graph =
      (engine == Engine::dot ? make_cgraph(drawing, settings) : make_cgraph_in_rows(drawing, settings)).release();
  const auto fail = [&](const char* step) {
    const std::string reason = messages.line();
    throw Error(ErrorKind::check,
                fmt::format("Graphviz could not {} the drawing{}{}", step, reason.empty() ? "" : ": ", reason));
  };
  if (gvLayout(context, graph, engine == Engine::dot ? "dot" : "nop1") != 0) {
    fail("lay out");
  }
  char* data = nullptr;
  unsigned int size = 0;
  if (gvRenderData(context, graph, plugin_format(format).c_str(), &data, &size) != 0 || size == 0) {
    fail("render");
  }
  const std::unique_ptr<char, decltype(&gvFreeRenderData)> owner(data, &gvFreeRenderData);
  return {std::string(data, size), messages.line(), ""};
}

} // namespace tsir
