#include "lib/report/page/svg.h"

#include "lib/report/page/html.h"
#include "lib/report/page/svg_reader.h"

#include <fmt/format.h>

namespace tsir {
namespace {

// Reads SVG token by token, and writes what is kept.
class SvgReducer : public SvgReader {
public:
  using SvgReader::SvgReader;

  std::string run() {
    read();
    while (!open_.empty()) {
      close();
    }
    return svg_seen_ ? std::move(result_) : "";
  }

private:
  void characters(const std::string& content) override {
    if (!open_.empty() && open_.back().name == "title") {
      title_ += content;
    } else if (!open_.empty() && open_.back().name == "text") {
      result_ += html_escaped(content);
    }
  }

  // What an open element was written as; "" if it was left out.
  struct Open {
    std::string name;
    std::string closing;
  };

  void open(const std::string& name, const Attributes& attributes) override {
    open_.push_back({name, ""});
    if (name == "svg") {
      open_svg(attributes);
    } else if (!svg_seen_) {
      return;
    } else if (name == "g") {
      open_group(attributes);
    } else if (name == "title") {
      title_.clear();
    } else {
      open_shape(name, attributes);
    }
  }

  void open_svg(const Attributes& attributes) {
    const std::string box = rounded_numbers(value_of(attributes, "viewBox"));
    const std::vector<std::string> numbers = words_of(box);
    if (svg_seen_ || numbers.size() != 4) {
      return;
    }
    svg_seen_ = true;
    write_open("svg", fmt::format(" viewBox=\"{}\" width=\"{}\" height=\"{}\"", box, numbers[2], numbers[3]));
  }

  void open_group(const Attributes& attributes) {
    const std::string kind = value_of(attributes, "class");
    if (kind == "graph" || kind == "g") {
      const std::string transform = value_of(attributes, "transform");
      const size_t move = transform.find("translate(");
      const std::string offset =
          move == std::string::npos
              ? "0 0"
              : rounded_numbers(transform.substr(move + 10, transform.find(')', move) - move - 10));
      write_open("g", fmt::format(" class=\"g\" transform=\"translate({})\"", offset));
    } else if (kind == "node" || kind == "edge" || kind == "cluster") {
      pending_ = kind; // its title follows
    } else if (kind == "n") {
      write_open("g", fmt::format(" class=\"n\" data-n=\"{}\"", rounded_numbers(value_of(attributes, "data-n"))));
    } else if (kind == "e") {
      write_open("g", fmt::format(" class=\"e\" data-e=\"{}\"", rounded_numbers(value_of(attributes, "data-e"))));
    } else if (kind == "c") {
      const std::string number = value_of(attributes, "data-c");
      write_open("g", " class=\"c\"" + (is_decimal(number) ? fmt::format(" data-c=\"{}\"", number) : ""));
    }
  }

  // Writes the group whose title has been read: "n12", "n0->n1", "cluster_3".
  void open_titled() {
    if (pending_.empty() || open_.size() < 2) {
      return;
    }
    std::string attributes = " class=\"c\"";
    if (pending_ == "node" && title_.size() > 1 && is_decimal(title_.substr(1))) {
      attributes = fmt::format(" class=\"n\" data-n=\"{}\"", title_.substr(1));
    } else if (pending_ == "cluster" && title_.starts_with("cluster_") && is_decimal(title_.substr(8))) {
      attributes += fmt::format(" data-c=\"{}\"", title_.substr(8));
    } else if (const size_t arrow = title_.find("->n"); pending_ == "edge" && arrow != std::string::npos && arrow > 1) {
      const std::string from = title_.substr(1, arrow - 1);
      const std::string to = title_.substr(arrow + 3);
      attributes =
          is_decimal(from) && is_decimal(to) ? fmt::format(" class=\"e\" data-e=\"{} {}\"", from, to) : attributes;
    }
    pending_.clear();
    result_ += "<g" + attributes + ">";
    open_[open_.size() - 2].closing = "</g>"; // the title itself is open, too
  }

  void open_shape(const std::string& name, const Attributes& attributes) {
    static const std::map<std::string, std::vector<std::string>> known = {{"polygon", {"points"}},
                                                                          {"polyline", {"points"}},
                                                                          {"path", {"d"}},
                                                                          {"ellipse", {"cx", "cy", "rx", "ry"}},
                                                                          {"text", {"x", "y"}}};
    const auto shape = known.find(name);
    const bool background = value_of(attributes, "fill") == "white" && value_of(attributes, "stroke") == "transparent";
    if (shape == known.end() || background) {
      return;
    }
    std::string written;
    for (const std::string& coordinate : shape->second) {
      written += fmt::format(" {}=\"{}\"", coordinate, rounded_numbers(value_of(attributes, coordinate)));
    }
    for (const char* number : {"stroke-width", "stroke-dasharray"}) {
      if (const std::string value = rounded_numbers(value_of(attributes, number)); !value.empty()) {
        written += fmt::format(" {}=\"{}\"", number, value);
      }
    }
    const std::string classes = classes_of(attributes);
    write_open(name, (classes.empty() ? "" : fmt::format(" class=\"{}\"", classes)) + written);
  }

  static std::string classes_of(const Attributes& attributes) {
    std::string classes;
    const auto add = [&](const std::string& token) { classes += (classes.empty() ? "" : " ") + token; };
    for (const std::string& token : words_of(value_of(attributes, "class"))) {
      if (is_style_class(token)) {
        add(token);
      }
    }
    if (attributes.contains("fill")) {
      add("f" + color_digits(attributes.at("fill")));
    }
    if (attributes.contains("stroke")) {
      add("s" + color_digits(attributes.at("stroke")));
    }
    if (attributes.contains("font-size")) {
      const std::string size = value_of(attributes, "font-size");
      add("t" + std::string(is_decimal(size.substr(0, size.find('.')))
                                ? size.substr(0, std::min<size_t>(2, size.find('.')))
                                : "10"));
    }
    if (value_of(attributes, "font-weight") == "bold") {
      add("b");
    }
    if (value_of(attributes, "text-anchor") == "middle") {
      add("tm");
    } else if (value_of(attributes, "text-anchor") == "end") {
      add("te");
    }
    return classes;
  }

  void write_open(const std::string& name, const std::string& attributes) {
    result_ += "<" + name + attributes + ">";
    open_.back().closing = "</" + name + ">";
  }

  void close() override {
    if (open_.empty()) {
      return;
    }
    if (open_.back().name == "title") {
      open_titled();
    }
    result_ += open_.back().closing;
    open_.pop_back();
  }

  std::string result_;
  std::vector<Open> open_;
  std::string pending_; // the kind of a group that is not written yet
  std::string title_;
  bool svg_seen_ = false;
};

} // namespace

std::string reduced_svg(std::string_view svg) {
  return SvgReducer(svg).run();
}

} // namespace tsir
