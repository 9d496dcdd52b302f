// Typed options of passes: `fuse-tensor-exprs{min-group-size=1 add-composed-op=true}`.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tsir {

// The type of an option is that of its default. Lists are written `a;b;c`.
using OptionValue = std::variant<bool, int64_t, double, std::string, std::vector<std::string>>;

struct OptionSpec {
  std::string name; // LibTorch's parameter in kebab-case
  OptionValue default_value;
  std::string help;                 // one line
  std::vector<std::string> choices; // for strings: the only values allowed; empty: any
};

std::string type_name(const OptionValue& value); // "bool", "int", "float", "string", "list"
std::string to_text(const OptionValue& value);   // as it is written in a pipeline

// The options of one use of a pass: every option of its row has a value.
class PassOptions {
public:
  explicit PassOptions(const std::vector<OptionSpec>& specs);
  // Throws Error(usage) that lists the right names, type or choices.
  void set(std::string_view pass, std::string_view name, std::string_view text);

  bool flag(std::string_view name) const;
  int64_t integer(std::string_view name) const;
  double number(std::string_view name) const;
  const std::string& text(std::string_view name) const;
  const std::vector<std::string>& list(std::string_view name) const;
  const OptionValue& value(std::string_view name) const;
  // The names of the options that differ from their defaults.
  std::vector<std::string> changed() const;
  // The same with their values, as `{a=1 b=true}`; empty if all have their defaults.
  std::string changed_text() const;

private:
  std::vector<OptionSpec> specs_;
  std::map<std::string, OptionValue, std::less<>> values_;
};

} // namespace tsir
