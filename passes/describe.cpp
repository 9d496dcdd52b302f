#include "passes/describe.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/base/table.h"
#include "passes/example.h"
#include "passes/exclusions.h"

namespace tsir {
namespace {

constexpr size_t text_width = 100;

// Breaks a paragraph into lines of at most text_width characters.
std::string wrapped(const std::string& paragraph) {
  std::string out;
  std::string line;
  std::istringstream words(paragraph);
  for (std::string word; words >> word;) {
    if (!line.empty() && line.size() + 1 + word.size() > text_width) {
      out += line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return out + line + "\n";
}

std::string all_names(const PassRow& row) {
  std::string all = row.name;
  for (const std::string& alias : row.aliases) {
    all += ", " + alias;
  }
  return all;
}

std::string needs_text(const PassRow& row) {
  std::vector<std::string_view> needs;
  for (const Need need : row.needs) {
    needs.push_back(to_string(need));
  }
  return fmt::format("{}", fmt::join(needs, ", "));
}

std::string_view kind_text(PassKind kind) {
  switch (kind) {
  case PassKind::graph:
    return "graph: works on the graph of one method";
  case PassKind::module:
    return "module: works on the whole module";
  case PassKind::profiled:
    return "profiled: works on a graph with the shapes seen on the example inputs";
  case PassKind::analysis:
    return "analysis: changes nothing, and reports";
  }
  return "?";
}

// What holds of the graph after a pass that changes it.
void add_effects(Table& table, const PassRow& row) {
  if (!row.looks_for.empty()) {
    table.add({"looks for", row.looks_for});
  }
  table.add({"results", !row.executable        ? "none: the graph cannot be run after the pass"
                        : row.lowers_precision ? "differ, because it computes in a type of fewer bits"
                        : row.changes_numerics ? "may differ by rounding"
                                               : "stay the same"});
  table.add({"interface", row.keeps_interface ? "kept" : "inputs and outputs may change"});
  table.add({"run twice", row.idempotent ? "changes nothing more" : "may change the graph further"});
}

std::string properties_text(const PassRow& row) {
  Table table({{""}, {""}});
  table.add({"kind", std::string(kind_text(row.kind))});
  for (const Need need : row.needs) {
    table.add({"needs", fmt::format("{} ({})", to_string(need), to_advice(need))});
  }
  if (!row.order.empty()) {
    table.add({"order", row.order});
  }
  if (row.kind != PassKind::analysis) {
    add_effects(table, row);
  }
  table.add({"runs operators", row.runs_operators ? "yes: of the model, while the pass runs" : "no"});
  table.add({"savable", row.savable ? "yes" : "no: a .pt file cannot hold the result"});
  table.add({"LibTorch", row.function});
  table.add({"header", row.header});
  for (const UpstreamIssue& known : row.upstream) {
    table.add({"known defect", known.issue + ": " + known.what});
  }
  return table.text("  ");
}

std::string options_text(const PassRow& row) {
  if (row.options.empty()) {
    return "";
  }
  Table table({{"option"}, {"type"}, {"default"}, {""}});
  for (const OptionSpec& option : row.options) {
    const std::string choices = option.choices.empty() ? "" : fmt::format(" ({})", fmt::join(option.choices, " or "));
    table.add({option.name, type_name(option.default_value), to_text(option.default_value), option.help + choices});
  }
  const OptionSpec& first = row.options.front();
  return fmt::format("\nOptions, as in {} '{}{{{}={}}}':\n{}", spelled(Setting::passes), row.name, first.name,
                     to_text(first.default_value), table.text("  "));
}

std::string indented(const std::string& text) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    out += line.empty() ? "\n" : "  " + line + "\n";
  }
  return out;
}

std::string example_text(const PassRow& row, const Registry& registry) {
  if (row.example.empty()) {
    return "";
  }
  try {
    const ExampleRun run = run_example(row, registry);
    const std::string source =
        row.example.starts_with("def ") ? "\nExample, as TorchScript:\n" + indented(row.example) : "";
    const std::string after = row.kind == PassKind::analysis ? "\nReport:\n" + indented(run.report)
                              : run.after == run.before      ? "\nAfter: the same\n"
                                                             : "\nAfter:\n" + indented(run.after);
    return source + "\nBefore:\n" + indented(run.before) + after +
           (run.note.empty() ? "" : "\nNote: " + run.note + "\n");
  } catch (const std::exception& error) { // such as a device that is not there
    return "\nExample:\n" + indented(row.example) + "\nIt cannot be run here: " + one_line(error) + "\n";
  }
}

std::string page(const PassRow& row, const Registry& registry) {
  return all_names(row) + "\n\n" + row.summary + ".\n\n" + wrapped(row.description) + "\n" + properties_text(row) +
         options_text(row) + example_text(row, registry);
}

std::string page(const Preset& preset) {
  return fmt::format("{}\n\n{}.\n\n{}\n  passes    {}\n  LibTorch  {}\n", preset.name, preset.summary,
                     wrapped(preset.description), preset.pipeline, preset.function);
}

nlohmann::ordered_json options_json(const PassRow& row) {
  auto options = nlohmann::ordered_json::array();
  for (const OptionSpec& option : row.options) {
    nlohmann::ordered_json default_value;
    std::visit([&](const auto& value) { default_value = value; }, option.default_value);
    options.push_back({{"name", option.name},
                       {"type", type_name(option.default_value)},
                       {"default", default_value},
                       {"help", option.help},
                       {"choices", option.choices}});
  }
  return options;
}

nlohmann::ordered_json json_of(const PassRow& row) {
  auto needs = nlohmann::ordered_json::array();
  for (const Need need : row.needs) {
    needs.push_back(to_string(need));
  }
  auto upstream = nlohmann::ordered_json::array();
  for (const UpstreamIssue& known : row.upstream) {
    upstream.push_back({{"issue", known.issue}, {"what", known.what}});
  }
  return {{"name", row.name},
          {"aliases", row.aliases},
          {"function", row.function},
          {"header", row.header},
          {"kind", to_string(row.kind)},
          {"needs", needs},
          {"options", options_json(row)},
          {"changes_numerics", row.changes_numerics},
          {"lowers_precision", row.lowers_precision},
          {"runs_operators", row.runs_operators},
          {"savable", row.savable},
          {"executable", row.executable},
          {"keeps_interface", row.keeps_interface},
          {"idempotent", row.idempotent},
          {"order", row.order},
          {"looks_for", row.looks_for},
          {"upstream", upstream},
          {"summary", row.summary},
          {"description", row.description},
          {"example", row.example},
          {"example_inputs", row.example_inputs}};
}

nlohmann::ordered_json json_of(const Preset& preset) {
  return {{"name", preset.name},
          {"aliases", nlohmann::ordered_json::array()},
          {"function", preset.function},
          {"kind", "preset"},
          {"needs", nlohmann::ordered_json::array()},
          {"options", nlohmann::ordered_json::array()},
          {"pipeline", preset.pipeline},
          {"summary", preset.summary},
          {"description", preset.description}};
}

// The letters and digits of a function's own name, in lower case: "optimizeformobile".
std::string plain_letters(std::string_view name) {
  const size_t colon = name.rfind(':');
  std::string letters;
  for (const char c : name.substr(colon == std::string_view::npos ? 0 : colon + 1)) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return letters;
}

// The excluded function of that name, however it is spelt: optimize-for-mobile, optimizeForMobile; or nullptr.
const Exclusion* find_exclusion(const std::string& name) {
  const auto all = exclusions();
  const auto found = std::ranges::find(all, plain_letters(name),
                                       [](const Exclusion& exclusion) { return plain_letters(exclusion.function); });
  return found == all.end() ? nullptr : &*found;
}

const Preset& find_preset(const Registry& registry, const std::string& name) {
  if (const Preset* preset = registry.find_preset(name)) {
    return *preset;
  }
  if (const Exclusion* exclusion = find_exclusion(name)) {
    throw Error(ErrorKind::usage,
                fmt::format("tsir does not offer {} as a pass: {}", exclusion->function, exclusion->reason));
  }
  const std::string nearest = registry.nearest(name);
  throw Error(ErrorKind::usage, fmt::format("there is no pass '{}'{}; `tsir passes` lists them", name,
                                            nearest.empty() ? "" : fmt::format(": did you mean '{}'?", nearest)));
}

} // namespace

std::string passes_text(const Registry& registry) {
  Table passes({{"PASS, ALIAS"}, {"KIND"}, {"NEEDS"}, {"SUMMARY"}});
  for (const PassRow* row : registry.rows()) {
    passes.add({all_names(*row), std::string(to_string(row->kind)), needs_text(*row), row->summary});
  }
  Table presets({{"PRESET"}, {"SUMMARY"}, {"PASSES"}});
  for (const Preset* preset : registry.presets()) {
    presets.add({preset->name, preset->summary, preset->pipeline});
  }
  return passes.text() + "\n" + presets.text();
}

nlohmann::ordered_json passes_json(const Registry& registry) {
  auto all = nlohmann::ordered_json::array();
  for (const PassRow* row : registry.rows()) {
    all.push_back(json_of(*row));
  }
  for (const Preset* preset : registry.presets()) {
    all.push_back(json_of(*preset));
  }
  return all;
}

std::string pass_text(const Registry& registry, const std::string& name) {
  const PassRow* row = registry.find(name);
  return row != nullptr ? page(*row, registry) : page(find_preset(registry, name));
}

nlohmann::ordered_json pass_json(const Registry& registry, const std::string& name) {
  const PassRow* row = registry.find(name);
  return row != nullptr ? json_of(*row) : json_of(find_preset(registry, name));
}

std::string exclusions_text() {
  Table table({{"FUNCTION"}, {"REASON"}});
  for (const Exclusion& exclusion : exclusions()) {
    table.add({std::string(exclusion.function), std::string(exclusion.reason)});
  }
  return table.text();
}

nlohmann::ordered_json exclusions_json() {
  auto all = nlohmann::ordered_json::array();
  for (const Exclusion& exclusion : exclusions()) {
    all.push_back({{"function", exclusion.function}, {"reason", exclusion.reason}});
  }
  return all;
}

} // namespace tsir
