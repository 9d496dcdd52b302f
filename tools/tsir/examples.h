// Examples of command lines, for the man pages.
#pragma once

#include <span>
#include <string_view>

namespace tsir::tool {

struct Example {
  std::string_view purpose; // in the imperative, without a full stop
  std::string_view line;    // as it is typed in a shell
};

// Those of a subcommand; of tsir itself for "tsir". Empty if there is no such subcommand.
std::span<const Example> examples_of(std::string_view subcommand);

} // namespace tsir::tool
