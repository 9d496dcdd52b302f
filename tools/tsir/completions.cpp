// tsir completions: the scripts by which shells complete tsir's command lines, and the table that they use.
#include "lib/base/error.h"
#include "lib/completion/table.h"
#include "lib/input/fill.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/installed_file.h"
#include "tools/tsir/options.h"

#include <fstream>
#include <iterator>

namespace tsir::tool {
namespace {

struct CompletionsOptions {
  const CLI::App* app = nullptr;
  std::string shell;
  bool table = false;
};

bool is_flag(const CLI::Option& option) {
  return option.get_expected_max() == 0 || option.get_items_expected_max() == 0;
}

// A flag that may have a value, such as --json[=FILE].
bool is_joined(const CLI::Option& option) {
  return CLI::Formatter().make_option_name(&option, false).find('{') != std::string::npos;
}

// The "a" and "b" of CLI11's "NAME:{a,b}".
std::vector<DescribedWord> choices_of(const CLI::Option& option) {
  static const std::map<std::string, std::vector<DescribedWord>> known = {
      {"--executor",
       {{"as-is", "the graph exactly as it is"},
        {"profiling", "as module.forward() does"},
        {"simple", "LibTorch's executor without profiling"}}},
      {"--device", {{"cpu", "the processor"}, {"cuda", "the first GPU"}}},
      {"--fill-constants", {{"zeros", ""}, {"ones", ""}, {"random:", "followed by a seed"}}}};
  if (const auto found = known.find(option.get_name()); found != known.end()) {
    return found->second;
  }
  const std::string type = option.get_type_name();
  const size_t start = type.find('{');
  std::vector<DescribedWord> choices;
  if (start != std::string::npos) {
    for (const std::string& choice : CLI::detail::split(type.substr(start + 1, type.find('}') - start - 1), ',')) {
      choices.push_back({choice, ""});
    }
  }
  return choices;
}

ValueKind kind_of(const CLI::Option& option) {
  static const std::map<std::string, ValueKind> known = {
      {"--passes", ValueKind::pipeline},      {"--start", ValueKind::pipeline}, {"--print-before", ValueKind::pipeline},
      {"--print-after", ValueKind::pipeline}, {"--method", ValueKind::method},  {"--input", ValueKind::input},
      {"--input-set", ValueKind::input}};
  if (is_flag(option) && !is_joined(option)) {
    return ValueKind::none;
  }
  if (const auto found = known.find(option.get_name()); found != known.end()) {
    return found->second;
  }
  if (!choices_of(option).empty()) {
    return ValueKind::choice;
  }
  const std::string type = option.get_type_name() + option.get_option_text();
  const bool file = type.find("FILE") != std::string::npos || type.find("LIB.so") != std::string::npos;
  return file ? ValueKind::file : type.find("DIR") != std::string::npos ? ValueKind::folder : ValueKind::text;
}

// The first sentence of a help text, without what is said in brackets at its end.
std::string first_line(const std::string& help) {
  std::string line = help.substr(0, help.find('\n'));
  for (const std::string_view end : {". ", ": ", "; ", " ("}) {
    line = line.substr(0, line.find(end));
  }
  return line.ends_with('.') ? line.substr(0, line.size() - 1) : line;
}

CompletedOption completed_option(const CLI::Option& option) {
  CompletedOption completed;
  for (const std::string& name : option.get_snames()) {
    completed.names.push_back("-" + name);
  }
  for (const std::string& name : option.get_lnames()) {
    completed.names.push_back("--" + name);
  }
  completed.help = first_line(option.get_description());
  completed.kind = kind_of(option);
  completed.joined = is_joined(option);
  completed.choices = choices_of(option);
  return completed;
}

CompletedOption completed_positional(const CLI::App& subcommand, const CLI::Option& option) {
  CompletedOption completed = completed_option(option);
  completed.names.clear();
  if (subcommand.get_name() == "help") {
    for (const CLI::App* other : subcommand.get_parent()->get_subcommands([](const CLI::App*) { return true; })) {
      completed.choices.push_back({other->get_name(), first_line(other->get_description())});
    }
  }
  completed.kind = subcommand.get_name() == "passes" ? ValueKind::pass
                   : !completed.choices.empty()      ? ValueKind::choice
                                                     : ValueKind::file;
  return completed;
}

std::vector<CompletedOption> options_of(const CLI::App& app) {
  std::vector<CompletedOption> options;
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) {
      options.push_back(completed_option(*option));
    }
  }
  return options;
}

CompletedSubcommand completed_subcommand(const CLI::App& sub) {
  CompletedSubcommand subcommand{sub.get_name(), first_line(sub.get_description()), options_of(sub), {}};
  for (const CLI::Option* option : sub.get_options()) {
    if (option->get_positional()) {
      subcommand.positionals.push_back(completed_positional(sub, *option));
    }
  }
  return subcommand;
}

CompletedOption completed_pass_option(const OptionSpec& spec) {
  CompletedOption option{{spec.name}, spec.help, ValueKind::text, false, {}};
  for (const std::string& choice : spec.choices) {
    option.choices.push_back({choice, ""});
  }
  if (std::holds_alternative<bool>(spec.default_value)) {
    option.choices = {{"true", ""}, {"false", ""}};
  }
  return option;
}

std::vector<CompletedPass> completed_passes(const Registry& registry) {
  std::vector<CompletedPass> passes;
  for (const PassRow* row : registry.rows()) {
    CompletedPass pass{row->name, row->summary, {}};
    for (const OptionSpec& spec : row->options) {
      pass.options.push_back(completed_pass_option(spec));
    }
    passes.push_back(pass);
    for (const std::string& alias : row->aliases) {
      pass.name = alias;
      passes.push_back(pass);
    }
  }
  for (const Preset* preset : registry.presets()) {
    passes.push_back({preset->name, preset->summary, {}});
  }
  return passes;
}

std::vector<DescribedWord> completed_fills() {
  std::vector<DescribedWord> words;
  for (const Fill& fill : fills()) {
    const std::string form(fill.is_values() ? "[" : fill.form);
    words.push_back({form.substr(0, form.find('(') == std::string::npos ? form.size() : form.find('(') + 1),
                     std::string(fill.meaning)});
  }
  return words;
}

CompletionTable table_of(const CLI::App& app, const Registry& registry) {
  CompletionTable table;
  table.options = options_of(app);
  table.passes = completed_passes(registry);
  table.fills = completed_fills();
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    table.subcommands.push_back(completed_subcommand(*sub));
  }
  for (const std::string_view dtype :
       {"float32", "float64", "float16", "bfloat16", "int64", "int32", "uint8", "bool"}) {
    table.inputs.push_back({std::string(dtype) + "[", "a tensor: the sizes follow"});
  }
  return table;
}

std::string script_of(const std::string& shell) {
  std::ifstream file(installed_file("completions/tsir." + shell));
  return {std::istreambuf_iterator<char>(file), {}};
}

int run_completions(const CompletionsOptions& options, const Session& session) {
  if (options.table) {
    write_results(session, to_json(table_of(*options.app, session.registry)).dump() + "\n");
    return 0;
  }
  if (options.shell.empty()) {
    throw Error(ErrorKind::usage, "completions needs the name of a shell: bash, zsh or fish");
  }
  write_results(session, script_of(options.shell));
  return 0;
}

} // namespace

void add_completions(CLI::App& app, Command& command) {
  auto options = std::make_shared<CompletionsOptions>();
  options->app = &app;
  CLI::App* sub =
      add_subcommand(app, "completions", "Print a script by which a shell completes tsir's command lines",
                     "The script completes subcommands, flags, names of passes within a pipeline, their "
                     "options, inputs, and the methods of the file on the line.\n"
                     "bash: source <(tsir completions bash). zsh: source <(tsir completions zsh). fish: tsir "
                     "completions fish | source.");
  sub->add_option("SHELL", options->shell, "bash, zsh or fish")->check(CLI::IsMember({"bash", "zsh", "fish"}));
  sub->add_flag("--table", options->table, "Print the table that the scripts use, as JSON");
  set_command(*sub, command, options, run_completions);
}

} // namespace tsir::tool
