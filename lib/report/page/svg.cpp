#include "lib/report/page/svg.h"

#include "lib/report/page/html.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <fmt/format.h>
#include <map>
#include <vector>

namespace tsir {
namespace {

using Attributes = std::map<std::string, std::string>;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':';
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_decimal(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// A colour as six hexadecimal digits, "n" for none.
std::string color_of(std::string_view text) {
  if (text == "none" || text == "transparent") {
    return "n";
  }
  if (text.size() == 7 && text[0] == '#' && is_hex(text.substr(1))) {
    return std::string(text.substr(1));
  }
  return text == "white" ? "ffffff" : text == "black" ? "000000" : "808080";
}

// "12.34" becomes "12.3": a tenth of a point cannot be seen. Whatever is neither a number nor a command of a path is
// dropped.
std::string rounded(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '-' || c == '.' || (c >= '0' && c <= '9')) {
      double value = 0;
      const auto [end, error] = std::from_chars(text.data() + i, text.data() + text.size(), value);
      const auto length = static_cast<size_t>(end - (text.data() + i));
      if (error == std::errc() && std::isfinite(value) && std::abs(value) < 1e7) {
        result += fmt::format("{}", std::round(value * 10) / 10);
      }
      i += length > 0 ? length : 1;
      continue;
    }
    if (std::string_view(" ,MLCZ").find(c) != std::string_view::npos) {
      result += c;
    }
    ++i;
  }
  return result;
}

bool is_style_class(std::string_view token) {
  if (token == "b" || token == "tm" || token == "te" || token == "fn" || token == "sn") {
    return true;
  }
  const std::string_view rest = token.substr(token.empty() ? 0 : 1);
  return token.starts_with('t')
             ? is_decimal(rest) && rest.size() <= 2
             : (token.starts_with('f') || token.starts_with('s')) && rest.size() == 6 && is_hex(rest);
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c == ' ') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  std::erase(words, "");
  return words;
}

// Reads SVG token by token, and writes what is kept.
class SvgReducer {
public:
  explicit SvgReducer(std::string_view text) : text_(text) {}

  std::string run() {
    while (at_ < text_.size()) {
      text_[at_] == '<' ? tag() : characters();
    }
    while (!open_.empty()) {
      close();
    }
    return svg_seen_ ? std::move(result_) : "";
  }

private:
  // What an open element was written as; "" if it was left out.
  struct Open {
    std::string name;
    std::string closing;
  };

  void characters() {
    const size_t end = std::min(text_.find('<', at_), text_.size());
    const std::string content = xml_decoded(text_.substr(at_, end - at_));
    at_ = end;
    if (!open_.empty() && open_.back().name == "title") {
      title_ += content;
    } else if (!open_.empty() && open_.back().name == "text") {
      result_ += html_escaped(content);
    }
  }

  void tag() {
    for (const auto& [begin, end] : {std::pair("<!--", "-->"), std::pair("<!", ">"), std::pair("<?", "?>")}) {
      if (text_.substr(at_).starts_with(begin)) {
        const size_t found = text_.find(end, at_);
        at_ = found == std::string_view::npos ? text_.size() : found + std::string_view(end).size();
        return;
      }
    }
    ++at_;
    if (at_ < text_.size() && text_[at_] == '/') {
      at_ = std::min(text_.find('>', at_), text_.size() - 1) + 1;
      close();
      return;
    }
    const std::string name = word();
    const Attributes attributes = read_attributes();
    const bool ends_at_once = at_ < text_.size() && text_[at_] == '/';
    at_ = std::min(text_.find('>', at_), text_.size() - 1) + 1;
    open(name, attributes);
    if (ends_at_once) {
      close();
    }
  }

  std::string word() {
    const size_t begin = at_;
    while (at_ < text_.size() && is_name_character(text_[at_])) {
      ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  Attributes read_attributes() {
    Attributes attributes;
    while (at_ < text_.size() && text_[at_] != '>' && text_[at_] != '/') {
      const std::string name = word();
      if (name.empty() || !text_.substr(at_).starts_with("=\"")) {
        at_ += name.empty() ? 1 : 0;
        continue;
      }
      const size_t end = std::min(text_.find('"', at_ + 2), text_.size());
      attributes[name] = xml_decoded(text_.substr(at_ + 2, end - at_ - 2));
      at_ = std::min(end + 1, text_.size());
    }
    return attributes;
  }

  void open(const std::string& name, const Attributes& attributes) {
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
    const std::string box = rounded(value_of(attributes, "viewBox"));
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
      const std::string offset = move == std::string::npos
                                     ? "0 0"
                                     : rounded(transform.substr(move + 10, transform.find(')', move) - move - 10));
      write_open("g", fmt::format(" class=\"g\" transform=\"translate({})\"", offset));
    } else if (kind == "node" || kind == "edge" || kind == "cluster") {
      pending_ = kind; // its title follows
    } else if (kind == "n") {
      write_open("g", fmt::format(" class=\"n\" data-n=\"{}\"", rounded(value_of(attributes, "data-n"))));
    } else if (kind == "e") {
      write_open("g", fmt::format(" class=\"e\" data-e=\"{}\"", rounded(value_of(attributes, "data-e"))));
    } else if (kind == "c") {
      write_open("g", " class=\"c\"");
    }
  }

  // Writes the group whose title has been read: "n12", "n0->n1".
  void open_titled() {
    if (pending_.empty() || open_.size() < 2) {
      return;
    }
    std::string attributes = " class=\"c\"";
    if (pending_ == "node" && title_.size() > 1 && is_decimal(title_.substr(1))) {
      attributes = fmt::format(" class=\"n\" data-n=\"{}\"", title_.substr(1));
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
      written += fmt::format(" {}=\"{}\"", coordinate, rounded(value_of(attributes, coordinate)));
    }
    for (const char* number : {"stroke-width", "stroke-dasharray"}) {
      if (const std::string value = rounded(value_of(attributes, number)); !value.empty()) {
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
      add("f" + color_of(attributes.at("fill")));
    }
    if (attributes.contains("stroke")) {
      add("s" + color_of(attributes.at("stroke")));
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

  static std::string value_of(const Attributes& attributes, const std::string& name) {
    const auto found = attributes.find(name);
    return found == attributes.end() ? "" : found->second;
  }

  void write_open(const std::string& name, const std::string& attributes) {
    result_ += "<" + name + attributes + ">";
    open_.back().closing = "</" + name + ">";
  }

  void close() {
    if (open_.empty()) {
      return;
    }
    if (open_.back().name == "title") {
      open_titled();
    }
    result_ += open_.back().closing;
    open_.pop_back();
  }

  std::string_view text_;
  size_t at_ = 0;
  std::string result_;
  std::vector<Open> open_;
  std::string pending_; // the kind of a group that is not written yet
  std::string title_;
  bool svg_seen_ = false;
};

// --- colours ---

struct Rgb {
  double red, green, blue; // from 0 to 1
};

Rgb rgb_of(std::string_view hex) {
  const auto part = [&](size_t at) {
    int value = 0;
    std::from_chars(hex.data() + at, hex.data() + at + 2, value, 16);
    return value / 255.0;
  };
  return {part(0), part(2), part(4)};
}

// The same hue, with lightness turned round: for a dark page.
std::string turned(std::string_view hex) {
  const Rgb color = rgb_of(hex);
  const double most = std::max({color.red, color.green, color.blue});
  const double least = std::min({color.red, color.green, color.blue});
  const double lightness = (most + least) / 2;
  // Texts and lines, which are dark on a light page, become light; the grounds of boxes become dark.
  const double wanted = lightness > 0.6 ? 0.95 - 0.80 * lightness : 0.95 - 0.45 * lightness;
  const double room = std::min(lightness, 1 - lightness);
  // How far each part lies from the lightness, as a share of what is possible there; less vivid, to be easy on the eye.
  const double scale = room > 0 ? 0.75 * std::min(wanted, 1 - wanted) / room : 0;
  const auto part = [&](double value) {
    return static_cast<int>(std::lround(255 * std::clamp(wanted + (value - lightness) * scale, 0.0, 1.0)));
  };
  return fmt::format("{:02x}{:02x}{:02x}", part(color.red), part(color.green), part(color.blue));
}

} // namespace

std::string reduced_svg(std::string_view svg) {
  return SvgReducer(svg).run();
}

void add_svg_classes(std::string_view reduced, std::set<std::string>& classes) {
  constexpr std::string_view mark = " class=\"";
  for (size_t at = reduced.find(mark); at != std::string_view::npos; at = reduced.find(mark, at)) {
    at += mark.size();
    for (std::string& token : words_of(reduced.substr(at, reduced.find('"', at) - at))) {
      if (is_style_class(token)) {
        classes.insert(std::move(token));
      }
    }
  }
}

std::string svg_style(const std::set<std::string>& classes, bool dark) {
  std::string css;
  for (const std::string& name : classes) {
    const std::string rest = name.substr(1);
    if ((name[0] == 'f' || name[0] == 's') && rest.size() == 6) {
      const std::string color = dark ? turned(rest) : rest;
      css += fmt::format("svg .{}{{{}:#{}}}\n", name, name[0] == 'f' ? "fill" : "stroke", color);
    } else if (name[0] == 't' && is_decimal(rest) && !dark) {
      css += fmt::format("svg .{}{{font-size:{}px}}\n", name, rest);
    }
  }
  return css;
}

} // namespace tsir
