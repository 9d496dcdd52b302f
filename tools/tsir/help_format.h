// How --help looks: lines wrapped, one line a subcommand, and flags with a value shown as they are written.
#pragma once

#include <CLI/CLI.hpp>

namespace tsir::tool {

class HelpFormat : public CLI::Formatter {
public:
  HelpFormat() { column_width(28); }
  // The first line of the subcommand's description; the rest is for its own --help.
  std::string make_subcommand(const CLI::App* sub) const override;
  std::string make_description(const CLI::App* app) const override;
  std::string make_footer(const CLI::App* app) const override;
  // `--json[=FILE]`, where CLI11 would print `--json{-}`.
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override;
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
};

} // namespace tsir::tool
