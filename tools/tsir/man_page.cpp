#include "tools/tsir/man_page.h"

#include "tools/tsir/examples.h"
#include "tools/tsir/exit_codes.h"
#include "tools/tsir/help_format.h"

#include <fmt/format.h>

#include <cctype>
#include <regex>

namespace tsir::tool {
namespace {

// A text in roff: without requests, escapes or characters that a terminal's font may lack.
std::string roff(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool line_start = i == 0 || text[i - 1] == '\n';
    if (text.substr(i).starts_with("…")) {
      result += "...";
      i += std::string_view("…").size() - 1;
      continue;
    }
    switch (text[i]) {
    case '\\':
      result += "\\e";
      break;
    case '-':
      result += "\\-";
      break;
    case '\'':
      result += "\\(aq";
      break;
    case '`':
      result += "\\(ga";
      break;
    case '^':
      result += "\\(ha";
      break;
    case '~':
      result += "\\(ti";
      break;
    case '.':
      result += line_start ? "\\&." : ".";
      break;
    default:
      result += text[i];
    }
  }
  return result;
}

std::string bold(std::string_view text) {
  return "\\fB" + roff(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + roff(text) + "\\fR";
}

// Paragraphs, one for each line of the text.
std::string paragraphs(const std::string& text) {
  std::string result;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    result += ".PP\n" + roff(line) + "\n";
  }
  return result;
}

// The lines of a help text, below the name of what they describe.
std::string described(const std::string& term, const std::string& help) {
  std::string result = ".TP\n" + term + "\n";
  std::istringstream lines(help);
  bool first = true;
  for (std::string line; std::getline(lines, line); first = false) {
    result += (first ? "" : ".br\n") + roff(line) + "\n";
  }
  return result;
}

std::string heading(const std::string& title) {
  return ".SH " + title + "\n";
}

// "-p,--passes" and " PASSES", or "--json[=FILE]": names are bold, the rest is what a user replaces.
std::string option_term(const HelpFormat& format, const CLI::Option& option) {
  const std::string names = format.make_option_name(&option, option.get_positional());
  const size_t value = std::min(names.find('['), names.size());
  std::string term;
  for (const std::string& name : CLI::detail::split(names.substr(0, value), ',')) {
    term += (term.empty() ? "" : ", ") + bold(name);
  }
  const std::string rest = names.substr(value) + format.make_option_opts(&option);
  return term + (rest.find_first_not_of(' ') == std::string::npos ? "" : italic(rest));
}

std::string options_text(const std::string& title, const std::vector<const CLI::Option*>& options) {
  const HelpFormat format;
  std::string text = options.empty() ? "" : heading(title);
  for (const CLI::Option* option : options) {
    text += described(option_term(format, *option), option->get_description());
  }
  return text;
}

std::string upper_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string arguments_and_options(const CLI::App& page) {
  std::string text = options_text("ARGUMENTS", page.get_options([](const CLI::Option* option) {
    return option->get_positional() && !option->get_group().empty();
  }));
  for (const std::string& group : page.get_groups()) {
    if (!group.empty()) {
      text += options_text(upper_case(group), page.get_options([&](const CLI::Option* option) {
        return option->nonpositional() && option->get_group() == group;
      }));
    }
  }
  return text;
}

std::string command_of(const CLI::App& app, const CLI::App& page) {
  return &page == &app ? app.get_name() : app.get_name() + " " + page.get_name();
}

std::string synopsis(const CLI::App& app, const CLI::App& page) {
  const std::string command = command_of(app, page);
  std::string usage = HelpFormat().make_usage(&page, command);
  usage = usage.substr(0, usage.find('\n'));
  usage = usage.substr(usage.find(command) + command.size());
  return heading("SYNOPSIS") + bold(command) + (usage.empty() ? "" : " " + italic(CLI::detail::trim(usage))) + "\n";
}

std::string description(const CLI::App& page) {
  std::string text = heading("DESCRIPTION") + roff(page.get_description() + ".") + "\n";
  if (const auto* sub = dynamic_cast<const Subcommand*>(&page)) {
    text += paragraphs(sub->details());
  }
  return text;
}

std::string subcommand_list(const CLI::App& app) {
  std::string text = heading("SUBCOMMANDS");
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    text += described(bold(sub->get_name()), sub->get_description() + ".");
  }
  return text;
}

std::string exit_status() {
  std::string text = heading("EXIT STATUS");
  for (const ExitCode& code : exit_codes) {
    text += described(bold(std::to_string(code.code)), std::string(code.meaning));
  }
  return text;
}

// What a name that ends so holds, and what belongs to the installation.
std::string files() {
  return heading("FILES") +
         described(italic("*.pt") + ", " + italic("*.jit"), "A TorchScript module, as torch.jit.save writes it.") +
         described(italic("*.ff"), "A module as a flatbuffer.") +
         described(italic("*.ir"), "A graph as text. Its large constants are in a file of the same name beside it.") +
         described(italic("share/tsir/completions.json"),
                   "In the folder into which tsir is installed: the table by which shells complete command lines.") +
         described(italic("share/tsir/lit/tsir.cfg.py"), "There: the lit configuration for tests of IR.") +
         described(italic("$XDG_CACHE_HOME/tsir"), "Names of methods that shells have completed; ~/.cache/tsir if the "
                                                   "variable is not set.");
}

std::string examples(std::string_view subcommand) {
  std::string text = heading("EXAMPLES");
  for (const Example& example : examples_of(subcommand)) {
    const bool first = text.find('\n') + 1 == text.size();
    text += (first ? "" : ".PP\n") + roff(example.purpose) + ":\n.RS 4\n.nf\n" + bold(example.line) + "\n.fi\n.RE\n";
  }
  return text;
}

// Whether the page says "`tsir NAME" or "tsir NAME".
bool names_subcommand(const CLI::App& page, const std::string& name) {
  std::string text = page.get_description();
  if (const auto* sub = dynamic_cast<const Subcommand*>(&page)) {
    text += "\n" + sub->details();
  }
  for (const CLI::Option* option : page.get_options()) {
    text += "\n" + option->get_description();
  }
  return std::regex_search(text, std::regex("tsir " + name + "\\b"));
}

std::string see_also(const CLI::App& app, const CLI::App& page) {
  std::vector<std::string> pages;
  if (&page != &app) {
    pages.push_back(bold(app.get_name()) + "(1)");
  }
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (sub != &page && (&page == &app || names_subcommand(page, sub->get_name()))) {
      pages.push_back(bold(man_page_name(app, *sub)) + "(1)");
    }
  }
  return heading("SEE ALSO") + fmt::format("{}\n", fmt::join(pages, ",\n"));
}

// "Measure how …" as the part of a sentence that follows a name.
std::string summary(const CLI::App& page) {
  std::string text = page.get_description();
  text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

} // namespace

std::string man_page_name(const CLI::App& app, const CLI::App& page) {
  return &page == &app ? app.get_name() : app.get_name() + "-" + page.get_name();
}

std::string man_page(const CLI::App& app, const CLI::App& page, const std::string& version) {
  const std::string name = man_page_name(app, page);
  // No hyphenation, and lines that are not stretched: the text has names of flags and files.
  std::string text =
      fmt::format(".TH {} 1 \"\" \"tsir {}\" \"tsir manual\"\n.nh\n.ad l\n", roff(upper_case(name)), version);
  text += heading("NAME") + roff(name) + " \\- " + roff(summary(page)) + "\n";
  text += synopsis(app, page) + description(page) + arguments_and_options(page);
  if (&page == &app) {
    text += subcommand_list(app);
  }
  return text + exit_status() + files() + examples(&page == &app ? "tsir" : page.get_name()) + see_also(app, page);
}

} // namespace tsir::tool
