#include "lib/pass/host_code.h"

#include "lib/compat/unshipped.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace tsir {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
    }
    out += c;
  }
  return out + '"';
}

std::string literal(const OptionValue& value, const char* yes, const char* no, const char* open, const char* close) {
  if (const auto* flag = std::get_if<bool>(&value)) {
    return *flag ? yes : no;
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    return quoted(*text);
  }
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
    std::vector<std::string> parts;
    std::ranges::transform(*list, std::back_inserter(parts), quoted);
    return fmt::format("{}{}{}", open, fmt::join(parts, ", "), close);
  }
  return to_text(value);
}

// `function(on, option, …)`; "" if the function is not there, or an option that it does not take was changed.
std::string call_text(const std::string& function, const std::string& on, const std::vector<std::string>& taken,
                      const PassOptions& options, std::string (*write)(const OptionValue&)) {
  if (function.empty()) {
    return "";
  }
  for (const std::string& name : options.changed()) {
    if (std::ranges::find(taken, name) == taken.end()) {
      return "";
    }
  }
  std::string text = function + "(" + on;
  for (const std::string& name : taken) {
    text += ", " + write(options.value(name));
  }
  return text + ")";
}

} // namespace

std::string cpp_literal(const OptionValue& value) {
  return literal(value, "true", "false", "{", "}");
}

std::string python_literal(const OptionValue& value) {
  return literal(value, "True", "False", "[", "]");
}

HostWriter one_call(std::string function, std::string header, std::vector<std::string> options, PythonCall python,
                    std::string on) {
  return [=](const PassOptions& given, const std::string&) {
    const std::string cpp = has_header(header) ? call_text(function, on, options, given, cpp_literal) : "";
    const std::string in_python = python.function.empty() ? "" : "torch._C." + python.function;
    return HostCode{.headers = {header},
                    .cpp = cpp.empty() ? "" : cpp + ";",
                    .python = call_text(in_python, python.on, python.options, given, python_literal)};
  };
}

} // namespace tsir
