// The layout of --help: wrapped lines, a one-sentence summary for each subcommand, and flags with a value as they are
// written.
#pragma once

#include <CLI/CLI.hpp>

namespace tsir::tool {

// A subcommand with a summary, which `tsir --help` lists, and details, which only its own help adds.
class Subcommand : public CLI::App {
public:
  Subcommand(CLI::App& parent, const std::string& name, const std::string& summary, const std::string& details);
  const std::string& details() const { return details_; }

private:
  std::string details_;
};

// Adds a subcommand to `app`. `summary`: one sentence without a full stop, in the imperative. `details`: sentences,
// each with its full stop; a line break begins a paragraph.
CLI::App* add_subcommand(CLI::App& app, const std::string& name, const std::string& summary,
                         const std::string& details);

class HelpFormat : public CLI::Formatter {
public:
  HelpFormat() { column_width(28); }
  std::string make_subcommand(const CLI::App* sub) const override;
  std::string make_description(const CLI::App* app) const override;
  std::string make_footer(const CLI::App* app) const override;
  // `--json[=FILE]`, where CLI11 would print `--json{-}`.
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override;
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
};

} // namespace tsir::tool
