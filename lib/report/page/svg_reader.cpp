#include "lib/report/page/svg_reader.h"

#include "lib/report/page/html.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace tsir {
namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':';
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

} // namespace

void SvgReader::read() {
  while (at_ < text_.size()) {
    if (text_[at_] == '<') {
      tag();
      continue;
    }
    const size_t end = std::min(text_.find('<', at_), text_.size());
    const std::string content = xml_decoded(text_.substr(at_, end - at_));
    at_ = end;
    characters(content);
  }
}

void SvgReader::tag() {
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
  const Attributes read = attributes();
  const bool ends_at_once = at_ < text_.size() && text_[at_] == '/';
  at_ = std::min(text_.find('>', at_), text_.size() - 1) + 1;
  open(name, read);
  if (ends_at_once) {
    close();
  }
}

std::string SvgReader::word() {
  const size_t begin = at_;
  while (at_ < text_.size() && is_name_character(text_[at_])) {
    ++at_;
  }
  return std::string(text_.substr(begin, at_ - begin));
}

SvgReader::Attributes SvgReader::attributes() {
  Attributes attributes;
  while (at_ < text_.size() && text_[at_] != '>' && text_[at_] != '/') {
    const std::string name = word();
    const size_t equals = text_.find_first_not_of(' ', at_);
    const size_t quote =
        equals < text_.size() && text_[equals] == '=' ? text_.find_first_not_of(' ', equals + 1) : equals;
    if (name.empty() || quote >= text_.size() || quote == equals || (text_[quote] != '"' && text_[quote] != '\'')) {
      at_ += name.empty() ? 1 : 0;
      continue;
    }
    at_ = quote - 1;
    const size_t end = std::min(text_.find(text_[at_ + 1], at_ + 2), text_.size());
    attributes[name] = xml_decoded(text_.substr(at_ + 2, end - at_ - 2));
    at_ = std::min(end + 1, text_.size());
  }
  return attributes;
}

std::string SvgReader::value_of(const Attributes& attributes, const std::string& name) {
  const auto found = attributes.find(name);
  return found == attributes.end() ? "" : found->second;
}

bool is_decimal(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string color_digits(std::string_view text) {
  if (text == "none" || text == "transparent") {
    return "n";
  }
  std::string digits(text.substr(std::min<size_t>(1, text.size())));
  std::ranges::transform(digits, digits.begin(), [](unsigned char c) { return std::tolower(c); });
  if (text.size() == 7 && text[0] == '#' && is_hex(digits)) {
    return digits;
  }
  if (text.starts_with("rgb(")) {
    digits.clear();
    for (const std::string& number : words_of(rounded_numbers(text.substr(4)))) {
      int value = 0;
      std::from_chars(number.data(), number.data() + number.size(), value);
      digits += fmt::format("{:02x}", std::clamp(value, 0, 255));
    }
    return digits.size() == 6 ? digits : "808080";
  }
  return text == "white" ? "ffffff" : text == "black" ? "000000" : "808080";
}

std::string rounded_numbers(std::string_view text) {
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
    if (std::string_view(" ,MLCZhvz").find(c) != std::string_view::npos) {
      result += c;
    }
    if ((c == '\n' || c == '\t') && !result.empty() && result.back() != ' ') {
      result += ' ';
    }
    ++i;
  }
  return result;
}

bool is_style_class(std::string_view token) {
  if (token == "b" || token == "tm" || token == "te" || token == "fn" || token == "sn" || token == "fc" ||
      token == "sc") {
    return true;
  }
  const std::string_view rest = token.substr(token.empty() ? 0 : 1);
  return token.starts_with('t') ? is_decimal(rest) && rest.size() <= 2
                                : (token.starts_with('f') || token.starts_with('s') || token.starts_with('k')) &&
                                      rest.size() == 6 && is_hex(rest);
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

} // namespace tsir
