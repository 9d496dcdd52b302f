#include "lib/checks/captures.h"

#include <cctype>
#include <regex>

namespace tsir {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// The quoted string at `at`, or the rest of the line if the string is not terminated.
std::string_view quoted_at(std::string_view line, size_t at) {
  size_t end = at + 1;
  while (end < line.size() && line[end] != '"') {
    end += line[end] == '\\' ? 2 : 1;
  }
  return line.substr(at, end + 1 - at);
}

// The name of a value after the % at `at`, including its quotes, if any. A trailing dot ends a sentence and is not part
// of the name.
std::string_view value_name(std::string_view line, size_t at) {
  if (line.substr(at + 1, 1) == "\"") {
    return quoted_at(line, at + 1);
  }
  size_t end = at + 1;
  while (end < line.size() && (is_word(line[end]) || line[end] == '.')) {
    ++end;
  }
  while (end > at + 1 && line[end - 1] == '.') {
    --end;
  }
  return line.substr(at + 1, end - at - 1);
}

// ListConstruct becomes LIST_CONSTRUCT.
std::string upper_case(std::string_view text) {
  std::string name;
  bool after_small = false;
  for (const char c : text) {
    const auto letter = static_cast<unsigned char>(c);
    if (after_small && std::isupper(letter) != 0) {
      name += '_';
    }
    after_small = std::islower(letter) != 0;
    name += is_word(c) ? static_cast<char>(std::toupper(letter)) : '_';
  }
  return name;
}

// A name for a constant: INT_2, TRUE, NONE, or its type.
std::string constant_name(const std::string& line) {
  static const std::regex constant(R"(: ([A-Za-z]+)\S* = prim::Constant(?:\[value=("?)([^\]]*)\])?)");
  std::smatch match;
  if (!std::regex_search(line, match, constant)) {
    return "CONSTANT";
  }
  const std::string type = match[1];
  const std::string value = match[3];
  if (type == "NoneType" || !match[3].matched) {
    return "NONE";
  }
  if (type == "bool") {
    return value == "0" ? "FALSE" : "TRUE";
  }
  static const std::regex short_number("-?[0-9]{1,6}");
  if (type == "int" && std::regex_match(value, short_number)) {
    return "INT_" + std::regex_replace(value, std::regex("-"), "M");
  }
  return upper_case(type);
}

// A name for values that have only a number, from the node that produces them: ADD for aten::add.
std::string kind_of(const std::string& line) {
  static const std::regex node(R"(= ([A-Za-z_]\w*)::(\w+))");
  std::smatch match;
  if (!std::regex_search(line, match, node)) {
    return "ARG";
  }
  return match[1] == "prim" && match[2] == "Constant" ? constant_name(line) : upper_case(match[2].str());
}

// The name that the model's author used: x for both %x.1 and %x.3.
std::string given_name(std::string_view name, std::string_view kind) {
  static const std::regex numbered(R"((.+?)(\.[0-9]+)+)");
  static const std::regex number("[0-9]+");
  std::string text(name);
  if (!text.empty() && text.front() == '"') {
    text = text.substr(1, text.size() - (text.size() > 1 ? 2 : 1));
  }
  std::smatch match;
  if (std::regex_match(text, match, numbered)) {
    text = match[1];
  }
  if (text.empty() || std::regex_match(text, number)) {
    return std::string(kind);
  }
  const std::string upper = upper_case(text);
  return std::isdigit(static_cast<unsigned char>(upper[0])) != 0 ? "V_" + upper : upper;
}

} // namespace

std::string escaped_literal(std::string_view text) {
  std::string escaped;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find_first_not_of(text[at], at), text.size());
    const size_t count = end - at;
    if ((text[at] == '[' || text[at] == '{') && count > 1) {
      escaped += "{{";
      for (size_t i = 0; i < count; ++i) {
        escaped += {'\\', text[at]};
      }
      escaped += "}}";
    } else {
      escaped.append(text, at, count);
    }
    at = end;
  }
  return escaped;
}

std::string Captures::pattern(std::string_view line, bool in_graph) {
  const std::string kind = kind_of(std::string(line));
  std::string result;
  std::string literal;
  for (size_t at = 0; at < line.size();) {
    if (line[at] == '"') {
      const std::string_view text = quoted_at(line, at);
      literal += text;
      at += text.size();
      continue;
    }
    const std::string_view name = line[at] == '%' ? value_name(line, at) : std::string_view();
    if (name.empty()) {
      literal += line[at++];
      continue;
    }
    at += 1 + name.size();
    const bool numbered = name.find_first_not_of("0123456789") == std::string_view::npos;
    if (!in_graph && !numbered && variables_.count(std::string(name)) == 0) {
      literal.append("%").append(name);
      continue;
    }
    const bool delimited = at < line.size() && std::string_view(" ,:)").find(line[at]) != std::string_view::npos;
    result += escaped_literal(literal) + "%" + reference(name, kind, delimited);
    literal.clear();
  }
  return result + escaped_literal(literal);
}

std::string Captures::reference(std::string_view name, std::string_view kind, bool delimited) {
  const auto [found, is_new] = variables_.try_emplace(std::string(name));
  if (!is_new) {
    return "[[" + found->second + "]]";
  }
  found->second = free_name(given_name(name, kind));
  const std::string_view any = name.front() == '"' ? R"("[^"]+")" : delimited ? "[^ ,:)]+" : "[0-9A-Za-z_.]+";
  return "[[" + found->second + ":" + std::string(any) + "]]";
}

std::string Captures::free_name(const std::string& wanted) {
  std::string name = wanted;
  for (size_t number = 1; !taken_.insert(name).second; ++number) {
    name = wanted + "_" + std::to_string(number);
  }
  return name;
}

void Captures::forget() {
  variables_.clear();
  taken_.clear();
}

} // namespace tsir
