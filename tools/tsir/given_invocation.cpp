#include "tools/tsir/given_invocation.h"

namespace tsir::tool {
namespace {

std::string name_of(const CLI::Option& option) {
  return option.get_lnames().empty() ? "-" + option.get_snames().front() : "--" + option.get_lnames().front();
}

// A flag that was given without a value has the value "true".
void add_flag(Invocation& invocation, const CLI::Option& option) {
  for (const std::string& value : option.results()) {
    value == "true" ? invocation.add_flag(name_of(option)) : invocation.add_flag(name_of(option) + "=" + value);
  }
}

void add_values(Invocation& invocation, const CLI::Option& option) {
  if (option.get_delimiter() != '\0') {
    const std::string between(1, option.get_delimiter());
    invocation.add(name_of(option), fmt::format("{}", fmt::join(option.results(), between)));
    return;
  }
  for (const std::string& value : option.results()) {
    invocation.add(name_of(option), value);
  }
}

} // namespace

Invocation given_invocation(const CLI::App& subcommand) {
  std::vector<std::string> positional;
  for (const CLI::Option* option : subcommand.get_options()) {
    if (option->get_positional() && option->count() > 0) {
      const std::vector<std::string> words = option->results();
      positional.insert(positional.end(), words.begin(), words.end());
    }
  }
  Invocation invocation(subcommand.get_name(), positional.empty() ? "" : positional.front());
  for (const CLI::Option* option : subcommand.get_options()) {
    if (option->get_positional() || option->count() == 0) {
      continue;
    }
    option->get_expected_max() == 0 || option->get_items_expected_max() == 0 ? add_flag(invocation, *option)
                                                                             : add_values(invocation, *option);
  }
  for (size_t i = 1; i < positional.size(); ++i) {
    invocation.add_word(positional[i]);
  }
  return invocation;
}

} // namespace tsir::tool
