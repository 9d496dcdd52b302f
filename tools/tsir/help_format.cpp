#include "tools/tsir/help_format.h"

#include <algorithm>
#include <regex>

namespace tsir::tool {
namespace {

constexpr size_t line_width = 110;

// Wraps at spaces, and keeps the line breaks of the text.
std::string wrapped(const std::string& text, size_t width) {
  std::string result;
  std::istringstream paragraphs(text);
  for (std::string paragraph; std::getline(paragraphs, paragraph);) {
    result += result.empty() ? "" : "\n";
    size_t column = 0;
    std::istringstream words(paragraph);
    for (std::string word; words >> word;) {
      if (column > 0 && column + 1 + word.size() > width) {
        result += '\n';
        column = 0;
      }
      result += (column > 0 ? " " : "") + word;
      column += word.size() + (column > 0 ? 1 : 0);
    }
  }
  return result;
}

} // namespace

Subcommand::Subcommand(CLI::App& parent, const std::string& name, const std::string& summary,
                       const std::string& details)
    : CLI::App(summary, name, &parent), details_(details) {}

CLI::App* add_subcommand(CLI::App& app, const std::string& name, const std::string& summary,
                         const std::string& details) {
  return app.add_subcommand(std::make_shared<Subcommand>(app, name, summary, details));
}

std::string HelpFormat::make_subcommand(const CLI::App* sub) const {
  std::ostringstream line;
  CLI::detail::format_help(line, sub->get_name(), wrapped(sub->get_description(), line_width - column_width_),
                           column_width_);
  return line.str();
}

std::string HelpFormat::make_description(const CLI::App* app) const {
  std::string text = wrapped(app->get_description() + ".", line_width) + "\n\n";
  if (const auto* sub = dynamic_cast<const Subcommand*>(app)) {
    text += wrapped(sub->details(), line_width) + "\n\n";
  }
  return text;
}

std::string HelpFormat::make_footer(const CLI::App* app) const {
  const std::string footer = app->get_footer();
  return footer.empty() ? "" : wrapped(footer, line_width) + "\n";
}

std::string HelpFormat::make_option_name(const CLI::Option* option, bool is_positional) const {
  static const std::regex flag_value("\\{[^}]*\\}");
  const std::string name = CLI::Formatter::make_option_name(option, is_positional);
  const std::string label = option->get_option_text();
  return std::regex_replace(name, flag_value, label.empty() ? "" : "[=" + label + "]");
}

std::string HelpFormat::make_option_opts(const CLI::Option* option) const {
  const bool carries_value = CLI::Formatter::make_option_name(option, false).find('{') != std::string::npos;
  return carries_value ? "" : CLI::Formatter::make_option_opts(option);
}

std::string HelpFormat::make_option_desc(const CLI::Option* option) const {
  return wrapped(option->get_description(), line_width - column_width_);
}

} // namespace tsir::tool
