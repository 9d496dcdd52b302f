#include "lib/pass/options.h"

#include "lib/base/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace tsir {
namespace {

template <class... Ts> struct Overloaded : Ts... { using Ts::operator()...; };
template <class... Ts> Overloaded(Ts...) -> Overloaded<Ts...>;

std::optional<OptionValue> parse_bool(std::string_view text) {
  if (text == "true" || text == "1" || text == "yes" || text == "on") {
    return true;
  }
  if (text == "false" || text == "0" || text == "no" || text == "off") {
    return false;
  }
  return std::nullopt;
}

template <class Number> std::optional<OptionValue> parse_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

OptionValue parse_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const auto end = std::min(text.find(';'), text.size());
    if (end > 0) {
      items.emplace_back(text.substr(0, end));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return items;
}

std::optional<OptionValue> parse_like(const OptionValue& model, std::string_view text) {
  return std::visit(Overloaded{[&](bool) { return parse_bool(text); },
                               [&](int64_t) { return parse_number<int64_t>(text); },
                               [&](double) { return parse_number<double>(text); },
                               [&](const std::string&) { return std::optional<OptionValue>(std::string(text)); },
                               [&](const std::vector<std::string>&) { return std::optional(parse_list(text)); }},
                    model);
}

} // namespace

std::string type_name(const OptionValue& value) {
  return std::visit(Overloaded{[](bool) { return "bool"; }, [](int64_t) { return "int"; },
                               [](double) { return "float"; }, [](const std::string&) { return "string"; },
                               [](const std::vector<std::string>&) { return "list"; }},
                    value);
}

std::string to_text(const OptionValue& value) {
  return std::visit(Overloaded{[](bool v) { return std::string(v ? "true" : "false"); },
                               [](int64_t v) { return fmt::to_string(v); }, [](double v) { return fmt::to_string(v); },
                               [](const std::string& v) { return v; },
                               [](const std::vector<std::string>& v) { return fmt::format("{}", fmt::join(v, ";")); }},
                    value);
}

PassOptions::PassOptions(const std::vector<OptionSpec>& specs) : specs_(specs) {
  for (const OptionSpec& spec : specs) {
    values_[spec.name] = spec.default_value;
  }
}

void PassOptions::set(std::string_view pass, std::string_view name, std::string_view text) {
  const auto spec = std::find_if(specs_.begin(), specs_.end(), [&](const OptionSpec& s) { return s.name == name; });
  if (spec == specs_.end()) {
    std::vector<std::string> names;
    for (const OptionSpec& s : specs_) {
      names.push_back(fmt::format("{}={}", s.name, to_text(s.default_value)));
    }
    throw Error(ErrorKind::usage, names.empty() ? fmt::format("pass {} has no options, so no '{}'", pass, name)
                                                : fmt::format("pass {} has no option '{}'; its options are: {}", pass,
                                                              name, fmt::join(names, ", ")));
  }
  if (!spec->choices.empty() && std::find(spec->choices.begin(), spec->choices.end(), text) == spec->choices.end()) {
    throw Error(ErrorKind::usage, fmt::format("option {} of pass {} cannot be '{}'; choose from: {}", name, pass, text,
                                              fmt::join(spec->choices, ", ")));
  }
  const auto value = parse_like(spec->default_value, text);
  if (!value) {
    throw Error(ErrorKind::usage,
                fmt::format("option {} of pass {} takes a value of type {} (default {}), not '{}'", name, pass,
                            type_name(spec->default_value), to_text(spec->default_value), text));
  }
  values_[std::string(name)] = *value;
}

// A row that reads an option it does not declare is a defect; its test then fails with std::out_of_range.
const OptionValue& PassOptions::value(std::string_view name) const {
  return values_.at(std::string(name));
}
bool PassOptions::flag(std::string_view name) const {
  return std::get<bool>(value(name));
}
int64_t PassOptions::integer(std::string_view name) const {
  return std::get<int64_t>(value(name));
}
double PassOptions::number(std::string_view name) const {
  return std::get<double>(value(name));
}
const std::string& PassOptions::text(std::string_view name) const {
  return std::get<std::string>(value(name));
}
const std::vector<std::string>& PassOptions::list(std::string_view name) const {
  return std::get<std::vector<std::string>>(value(name));
}

std::vector<std::string> PassOptions::changed() const {
  std::vector<std::string> names;
  for (const OptionSpec& spec : specs_) {
    if (value(spec.name) != spec.default_value) {
      names.push_back(spec.name);
    }
  }
  return names;
}

std::string PassOptions::changed_text() const {
  std::vector<std::string> texts;
  for (const std::string& name : changed()) {
    texts.push_back(fmt::format("{}={}", name, to_text(value(name))));
  }
  return texts.empty() ? "" : fmt::format("{{{}}}", fmt::join(texts, " "));
}

} // namespace tsir
