#include "lib/report/page/plot_svg.h"

#include "lib/report/page/html.h"
#include "lib/report/page/svg_reader.h"

#include <fmt/format.h>

namespace tsir {
namespace {

// "gpPt6", a symbol of gnuplot; "" for any other name.
std::string symbol_name(std::string_view name) {
  const bool known = name == "gpDot" || (name.starts_with("gpPt") && is_decimal(name.substr(4)) && name.size() <= 6);
  return known ? std::string(name) : "";
}

// "translate(1.2 3)scale(3.8)" of "translate(1.23,3) scale(3.75)". Other words end it.
std::string reduced_transform(std::string_view text) {
  std::string result;
  for (size_t at = text.find_first_not_of(' '); at < text.size(); at = text.find_first_not_of(' ', at)) {
    const size_t begin = text.find('(', at);
    const size_t end = text.find(')', at);
    if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) {
      break;
    }
    const std::string_view word = text.substr(at, begin - at);
    if (word != "translate" && word != "scale" && word != "rotate") {
      break;
    }
    result += fmt::format("{}({})", word, rounded_numbers(text.substr(begin + 1, end - begin - 1)));
    at = end + 1;
  }
  return result;
}

class PlotReducer : public SvgReader {
public:
  using SvgReader::SvgReader;

  std::string run() {
    read();
    while (!open_.empty()) {
      close();
    }
    return seen_ ? std::move(result_) : "";
  }

private:
  struct Open {
    std::string name;
    std::string beginning; // what is still to be written; groups without contents are left out
    bool written = false;
  };

  void characters(const std::string& content) override {
    if (!open_.empty() && open_.back().name == "text" && open_.back().written) {
      result_ += html_escaped(content);
    }
  }

  void open(const std::string& name, const Attributes& attributes) override {
    open_.push_back({name, "", false});
    if (name == "svg") {
      open_svg(attributes);
    } else if (name == "g" || name == "defs") {
      open_.back().beginning = fmt::format("<{}{}>", name, name == "g" ? group_attributes(attributes) : "");
    } else if (seen_ && is_kept(name)) {
      begin_groups();
      result_ += fmt::format("<{}{}{}>", name, shape_attributes(attributes), group_attributes(attributes));
      open_.back().written = true;
    }
  }

  void close() override {
    if (open_.empty()) {
      return;
    }
    if (open_.back().written) {
      result_ += "</" + open_.back().name + ">";
    }
    open_.pop_back();
  }

  void open_svg(const Attributes& attributes) {
    const std::string box = rounded_numbers(value_of(attributes, "viewBox"));
    if (seen_ || words_of(box).size() != 4) {
      return;
    }
    seen_ = true;
    result_ +=
        fmt::format("<svg class=\"gnuplot\" viewBox=\"{}\" role=\"img\" aria-label=\"Plots of the bench\">", box);
    open_.back().written = true;
  }

  bool in_definitions() const {
    return std::ranges::any_of(open_, [](const Open& element) { return element.name == "defs"; });
  }

  // The only rectangle that is not a symbol is the ground.
  bool is_kept(const std::string& name) const {
    return name == "path" || name == "polygon" || name == "circle" || name == "use" || name == "text" ||
           (name == "rect" && in_definitions());
  }

  void begin_groups() {
    for (Open& element : open_) {
      if (!element.written && !element.beginning.empty()) {
        result_ += element.beginning;
        element.written = true;
      }
    }
  }

  static std::string shape_attributes(const Attributes& attributes) {
    std::string written;
    for (const char* name : {"d", "points", "x", "y", "width", "height", "cx", "cy", "r"}) {
      if (const std::string value = rounded_numbers(value_of(attributes, name)); !value.empty()) {
        written += fmt::format(" {}=\"{}\"", name, value);
      }
    }
    if (const std::string symbol = symbol_name(value_of(attributes, "id")); !symbol.empty()) {
      written += fmt::format(" id=\"{}\"", symbol);
    }
    for (const char* name : {"xlink:href", "href"}) { // as gnuplot writes it, and as it is written here
      const std::string target = value_of(attributes, name);
      if (const std::string symbol = target.starts_with('#') ? symbol_name(target.substr(1)) : ""; !symbol.empty()) {
        written += fmt::format(" href=\"#{}\"", symbol);
      }
    }
    return written;
  }

  static std::string group_attributes(const Attributes& attributes) {
    std::string written;
    for (const char* name : {"stroke-width", "stroke-dasharray", "fill-opacity"}) {
      if (const std::string value = rounded_numbers(value_of(attributes, name)); !value.empty()) {
        written += fmt::format(" {}=\"{}\"", name, value);
      }
    }
    if (const std::string transform = reduced_transform(value_of(attributes, "transform")); !transform.empty()) {
      written += fmt::format(" transform=\"{}\"", transform);
    }
    const std::string classes = style_classes(attributes);
    return written + (classes.empty() ? "" : fmt::format(" class=\"{}\"", classes));
  }
  // The classes of an element that was reduced before, or of the attributes.
  static std::string style_classes(const Attributes& attributes);

  std::string result_;
  std::vector<Open> open_;
  bool seen_ = false;
};

std::string PlotReducer::style_classes(const Attributes& attributes) {
  std::string classes;
  const auto add = [&](const std::string& word) { classes += (classes.empty() ? "" : " ") + word; };
  for (const std::string& word : words_of(value_of(attributes, "class"))) {
    if (is_style_class(word)) {
      add(word);
    }
  }
  for (const auto& [name, letter] : {std::pair("fill", "f"), std::pair("stroke", "s"), std::pair("color", "k")}) {
    if (const std::string color = value_of(attributes, name); !color.empty()) {
      add(letter + (color == "currentColor" ? "c" : color_digits(color)));
    }
  }
  if (const std::string size = value_of(attributes, "font-size"); is_decimal(size.substr(0, size.find('.')))) {
    add("t" + size.substr(0, std::min<size_t>(2, size.find('.'))));
  }
  if (const std::string anchor = value_of(attributes, "text-anchor"); anchor == "middle" || anchor == "end") {
    add(anchor == "middle" ? "tm" : "te");
  }
  return classes;
}

} // namespace

std::string reduced_plot(std::string_view svg) {
  return PlotReducer(svg).run();
}

} // namespace tsir
