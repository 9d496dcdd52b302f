#include "lib/render/dot/labels.h"

#include "lib/base/setting.h"
#include "lib/base/units.h"
#include "lib/render/dot/style.h"

#include <fmt/format.h>

#include <set>

namespace tsir {
namespace {

std::string escaped(const std::string& text) {
  std::string result;
  for (char c : text) {
    switch (c) {
    case '&':
      result += "&amp;";
      break;
    case '<':
      result += "&lt;";
      break;
    case '>':
      result += "&gt;";
      break;
    case '"':
      result += "&quot;";
      break;
    default:
      result += c;
    }
  }
  return result;
}

std::string small(const std::string& text, const char* color = "#424242") {
  return fmt::format("<BR/><FONT POINT-SIZE=\"9\" COLOR=\"{}\">{}</FONT>", color, escaped(text));
}

constexpr const char* on_heat = "#000000"; // the text on a ground that is coloured by a number

// Whether the upper edge of the shape would cross the title.
bool edge_crosses_title(BoxKind kind) {
  return kind == BoxKind::parameter || kind == BoxKind::call || kind == BoxKind::submodule;
}

// Whether the label needs no line for the submodule that the box belongs to.
bool names_its_module(const Box& box) {
  const bool call_of_submodule = box.kind == BoxKind::call && box.family.empty();
  return box.kind == BoxKind::submodule || box.kind == BoxKind::constant || box.kind == BoxKind::parameter ||
         call_of_submodule;
}

bool has_own_values(const Box& box) {
  switch (box.kind) {
  case BoxKind::input:
  case BoxKind::constant:
  case BoxKind::parameter:
  case BoxKind::submodule:
    return false;
  default:
    return true;
  }
}

// "%y, %z". Omits folded constants and the values defined by the head of a loop, which are shown in the lines.
std::string values_text(const Box& box) {
  std::string text;
  for (size_t i = 0; i < box.values.size(); ++i) {
    if (i == 4) {
      return text + ", …";
    }
    text += (i > 0 ? ", " : "") + box.values[i];
  }
  return text;
}

std::string size_text(const Box& box) {
  const bool counted = (box.kind == BoxKind::submodule || box.kind == BoxKind::call) && box.operators > 0;
  std::string text =
      counted ? fmt::format("{} operator{}", human_count(box.operators), box.operators == 1 ? "" : "s") : "";
  if (box.elements > 0 && counted) {
    // The count also includes buffers.
    text += fmt::format(", {} {}", human_count(box.elements), box.kind == BoxKind::call ? "parameters" : "weights");
  }
  return text;
}

// The inputs of a frame are shown in its lines, with their types.
bool shown_in_lines(const Box& box) {
  return !box.lines.empty() && !box.values.empty() && box.lines[0].starts_with(box.values[0] + " :");
}

std::vector<std::string> wrapped_words(const std::string& text, size_t width) {
  std::vector<std::string> lines(1);
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    if (!lines.back().empty() && lines.back().size() + word.size() + 1 > width) {
      lines.emplace_back();
    }
    lines.back() += (lines.back().empty() ? "" : " ") + word;
    at = end + 1;
  }
  return lines;
}

std::string legend_row(const char* fill, const char* border, const std::string& outline, const std::string& meaning) {
  return fmt::format("<TR><TD BGCOLOR=\"{}\" COLOR=\"{}\" BORDER=\"1\">{}</TD><TD ALIGN=\"LEFT\">{}</TD></TR>", fill,
                     border, escaped(outline), escaped(meaning));
}

std::string scale_rows(const Scale& scale) {
  std::string rows;
  for (const std::string& line : wrapped_words(scale.title, 60)) {
    rows += fmt::format("<TR><TD COLSPAN=\"2\" ALIGN=\"LEFT\" BORDER=\"0\"><B>{}</B></TD></TR>", escaped(line));
  }
  for (size_t step = scale.steps.size(); step-- > 0;) {
    rows += legend_row(heat_fill(step), "#424242", "     ", scale.steps[step]);
  }
  return rows + legend_row(no_heat_fill, "#424242", "     ", "not known");
}

} // namespace

std::string html_legend(const Drawing& drawing) {
  std::set<BoxKind> kinds;
  bool writes = false;
  bool focus = false;
  std::set<Change> changes;
  for (const Box& box : drawing.boxes) {
    box.change == Change::none ? static_cast<void>(kinds.insert(box.kind))
                               : static_cast<void>(changes.insert(box.change));
    writes = writes || box.writes;
    focus = focus || box.focus;
  }
  std::set<ClusterKind> frames;
  for (const Cluster& cluster : drawing.clusters) {
    frames.insert(cluster.kind);
  }
  std::set<EdgeKind> lines;
  for (const Edge& edge : drawing.edges) {
    lines.insert(edge.kind);
  }
  std::string rows = drawing.scale ? scale_rows(*drawing.scale) : "";
  for (BoxKind kind : kinds) {
    const BoxStyle& style = style_of(kind);
    rows += legend_row(drawing.scale ? no_heat_fill : style.fill, style.border, style.outline, style.meaning);
  }
  for (const Change change : changes) {
    const ChangeStyle& style = style_of(change);
    rows += legend_row(style.fill, style.border, style.outline, style.meaning);
  }
  if (writes) {
    rows += legend_row("#ffffff", writes_border, writes_outline, writes_meaning);
  }
  if (focus) {
    rows +=
        legend_row("#ffffff", focus_border, focus_outline, fmt::format("selected with {}", spelled(Setting::around)));
  }
  for (ClusterKind kind : frames) {
    const ClusterStyle& style = style_of(kind);
    rows += legend_row(style.fill, style.border, style.outline, style.meaning);
  }
  for (EdgeKind kind : lines) {
    if (const EdgeStyle& style = style_of(kind); *style.meaning != '\0') {
      rows += legend_row("#ffffff", style.color, style.outline, style.meaning);
    }
  }
  return "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"3\" CELLPADDING=\"3\">" + rows + "</TABLE>";
}

std::string html_label(const Box& box) {
  std::string label = edge_crosses_title(box.kind) ? "<FONT POINT-SIZE=\"5\"> </FONT><BR/>" : "";
  if (!box.title.empty()) {
    const char* mark = box.change == Change::none ? "" : style_of(box.change).mark;
    label += fmt::format("<B>{}{}</B>", mark, escaped(box.title));
  }
  if (!box.family.empty()) {
    label += fmt::format(" <FONT POINT-SIZE=\"8\" COLOR=\"{}\">{}</FONT>", box.heat ? on_heat : "#616161",
                         escaped(box.family));
  }
  if (box.heat && !box.heat->text.empty()) {
    label += fmt::format("<BR/><B>{}</B>", escaped(box.heat->text));
  }
  for (const std::string& line : box.lines) {
    label += small(line, box.heat ? on_heat : "#424242");
  }
  if (const std::string size = size_text(box); !size.empty()) {
    label += small(size, box.heat ? on_heat : "#424242");
  }
  if (has_own_values(box) && !box.values.empty() && !shown_in_lines(box)) {
    label += small(values_text(box), box.heat ? on_heat : "#0d47a1");
  }
  if (!box.module.empty() && !names_its_module(box) && box.operators > 0) {
    label += small(path_text(box.module), box.heat ? on_heat : "#757575");
  }
  return label.starts_with("<BR/>") ? label.substr(5) : label;
}

std::string plain_label(const std::string& text) {
  std::string result;
  for (char c : text) {
    if (c == '\\') {
      result += "\\\\";
    } else if (c == '\n') {
      result += "\\n";
    } else {
      result += c;
    }
  }
  return result;
}

} // namespace tsir
