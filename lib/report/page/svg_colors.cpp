// The colours of reduced SVG, as classes, for a light page and for a dark one.
#include "lib/report/page/svg.h"
#include "lib/report/page/svg_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace tsir {
namespace {

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
    if ((name[0] == 'f' || name[0] == 's' || name[0] == 'k') && rest.size() == 6) {
      const std::string color = dark ? turned(rest) : rest;
      const char* property = name[0] == 'f' ? "fill" : name[0] == 's' ? "stroke" : "color";
      css += fmt::format("svg .{}{{{}:#{}}}\n", name, property, color);
    } else if (name[0] == 't' && is_decimal(rest) && !dark) {
      css += fmt::format("svg .{}{{font-size:{}px}}\n", name, rest);
    }
  }
  return css;
}

} // namespace tsir
