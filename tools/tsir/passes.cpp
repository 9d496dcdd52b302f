// tsir passes: lists the passes, or tells all about one.
#include "lib/base/error.h"
#include "passes/exclusions.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/options.h"
#include "tools/tsir/passes_text.h"

namespace tsir::tool {
namespace {

struct PassesOptions {
  std::string name;
  bool excluded = false;
  JsonOption json;
};

Error unknown_pass(const Registry& registry, const std::string& name) {
  const std::string nearest = registry.nearest(name);
  return {ErrorKind::usage, fmt::format("there is no pass '{}'{}; `tsir passes` lists all", name,
                                        nearest.empty() ? "" : fmt::format(": did you mean '{}'?", nearest))};
}

int show_one(const Session& session, const PassesOptions& options) {
  const PassRow* row = session.registry.find(options.name);
  const Preset* preset = session.registry.find_preset(options.name);
  if (row == nullptr && preset == nullptr) {
    throw unknown_pass(session.registry, options.name);
  }
  if (options.json.given) {
    const auto json = row != nullptr ? pass_json(*row) : preset_json(*preset);
    write_json(session, nlohmann::ordered_json::array({json}), options.json.file);
  } else {
    write_results(session, row != nullptr ? pass_text(*row, session.registry) : preset_text(*preset));
  }
  return 0;
}

int show_all(const Session& session, const PassesOptions& options) {
  if (!options.json.given) {
    write_results(session, list_text(session.registry));
    return 0;
  }
  auto json = nlohmann::ordered_json::array();
  for (const PassRow* row : session.registry.rows()) {
    json.push_back(pass_json(*row));
  }
  for (const Preset* preset : session.registry.presets()) {
    json.push_back(preset_json(*preset));
  }
  write_json(session, json, options.json.file);
  return 0;
}

int show_excluded(const Session& session, const PassesOptions& options) {
  if (!options.json.given) {
    write_results(session, excluded_text());
    return 0;
  }
  auto json = nlohmann::ordered_json::array();
  for (const Exclusion& exclusion : exclusions()) {
    json.push_back({{"function", exclusion.function}, {"reason", exclusion.reason}});
  }
  write_json(session, json, options.json.file);
  return 0;
}

} // namespace

void add_passes(CLI::App& app, Command& command) {
  auto options = std::make_shared<PassesOptions>();
  CLI::App* sub = add_subcommand(
      app, "passes", "List all passes and presets, or describe one of them",
      "The description of a pass has an example: the graph before and after the pass, made by the LibTorch at hand.");
  sub->add_option("NAME", options->name, "A pass by name or alias, or a preset");
  sub->add_flag("--excluded", options->excluded,
                "List the functions of LibTorch that are left out, each with its reason");
  options->json.add_to(*sub);
  sub->callback([options, &command] {
    command = [options](const Session& session) {
      if (options->excluded) {
        return show_excluded(session, *options);
      }
      return options->name.empty() ? show_all(session, *options) : show_one(session, *options);
    };
  });
}

} // namespace tsir::tool
