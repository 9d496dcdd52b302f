#include "tools/tsir/passes_text.h"

#include "lib/base/error.h"
#include "lib/base/table.h"
#include "passes/example.h"
#include "passes/exclusions.h"

namespace tsir::tool {
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

std::string names(const PassRow& row) {
  std::string all = row.name;
  for (const std::string& alias : row.aliases) {
    all += ", " + alias;
  }
  return all;
}

template <typename Enum> std::vector<std::string> texts(const std::vector<Enum>& values) {
  std::vector<std::string> all;
  all.reserve(values.size());
  for (const Enum value : values) {
    all.emplace_back(to_string(value));
  }
  return all;
}

std::string needs_text(const PassRow& row) {
  return fmt::format("{}", fmt::join(texts(row.needs), ", "));
}

std::string_view kind_text(PassKind kind) {
  switch (kind) {
  case PassKind::graph:
    return "graph: works on one method's graph";
  case PassKind::module:
    return "module: works on the whole module";
  case PassKind::profiled:
    return "profiled: a graph with the shapes seen on the example inputs";
  case PassKind::analysis:
    return "analysis: reports and changes nothing";
  }
  return "?";
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
    if (!row.looks_for.empty()) {
      table.add({"looks for", row.looks_for});
    }
    table.add({"results", !row.executable        ? "none: the graph cannot be run as it stands"
                          : row.changes_numerics ? "may differ by rounding"
                                                 : "stay the same"});
    table.add({"interface", row.keeps_interface ? "kept" : "inputs and outputs may change"});
    table.add({"second run", row.idempotent ? "changes nothing more" : "may change the graph further"});
  }
  table.add({"runs operators", row.runs_operators ? "yes: of the model, while the pass runs" : "no"});
  table.add({"savable", row.savable ? "yes" : "no: a .pt cannot hold the result"});
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
  return "\nOptions, as in --passes '" + row.name + "{" + row.options.front().name + "=" +
         to_text(row.options.front().default_value) + "}':\n" + table.text("  ");
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

} // namespace

std::string list_text(const Registry& registry) {
  Table passes({{"PASS, ALIAS"}, {"KIND"}, {"NEEDS"}, {"SUMMARY"}});
  for (const PassRow* row : registry.rows()) {
    passes.add({names(*row), std::string(to_string(row->kind)), needs_text(*row), row->summary});
  }
  Table presets({{"PRESET"}, {"SUMMARY"}, {"PASSES"}});
  for (const Preset* preset : registry.presets()) {
    presets.add({preset->name, preset->summary, preset->pipeline});
  }
  return passes.text() + "\n" + presets.text() + "\n`tsir passes NAME` tells all about one, with an example.\n";
}

std::string pass_text(const PassRow& row, const Registry& registry) {
  return names(row) + "\n\n" + row.summary + ".\n\n" + wrapped(row.description) + "\n" + properties_text(row) +
         options_text(row) + example_text(row, registry);
}

std::string excluded_text() {
  Table table({{"FUNCTION"}, {"REASON"}});
  for (const Exclusion& exclusion : exclusions()) {
    table.add({std::string(exclusion.function), std::string(exclusion.reason)});
  }
  return table.text();
}

std::string preset_text(const Preset& preset) {
  return fmt::format("{}\n\n{}.\n\n{}\n  passes    {}\n  LibTorch  {}\n", preset.name, preset.summary,
                     wrapped(preset.description), preset.pipeline, preset.function);
}

nlohmann::ordered_json pass_json(const PassRow& row) {
  nlohmann::ordered_json options = nlohmann::ordered_json::array();
  for (const OptionSpec& option : row.options) {
    nlohmann::ordered_json default_value;
    std::visit([&](const auto& value) { default_value = value; }, option.default_value);
    options.push_back({{"name", option.name},
                       {"type", type_name(option.default_value)},
                       {"default", default_value},
                       {"help", option.help},
                       {"choices", option.choices}});
  }
  nlohmann::ordered_json upstream = nlohmann::ordered_json::array();
  for (const UpstreamIssue& known : row.upstream) {
    upstream.push_back({{"issue", known.issue}, {"what", known.what}});
  }
  return {{"name", row.name},
          {"aliases", row.aliases},
          {"function", row.function},
          {"header", row.header},
          {"kind", to_string(row.kind)},
          {"needs", texts(row.needs)},
          {"options", options},
          {"changes_numerics", row.changes_numerics},
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

nlohmann::ordered_json preset_json(const Preset& preset) {
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

} // namespace tsir::tool
