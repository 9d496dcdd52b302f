// tsir passes: lists the passes, or describes one of them.
#include "passes/describe.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/options.h"

namespace tsir::tool {
namespace {

struct PassesOptions {
  std::string name;
  bool excluded = false;
  JsonOption json;
};

nlohmann::ordered_json json_of(const PassesOptions& options, const Registry& registry) {
  if (options.excluded) {
    return exclusions_json();
  }
  return options.name.empty() ? passes_json(registry)
                              : nlohmann::ordered_json::array({pass_json(registry, options.name)});
}

std::string text_of(const PassesOptions& options, const Registry& registry) {
  if (options.excluded) {
    return exclusions_text();
  }
  return options.name.empty() ? passes_text(registry) + "\n`tsir passes NAME` describes a pass, with an example.\n"
                              : pass_text(registry, options.name);
}

int run_passes(const PassesOptions& options, const Session& session) {
  if (options.json.given) {
    write_json(session, json_of(options, session.registry), options.json.file);
  } else {
    write_results(session, text_of(options, session.registry));
  }
  return 0;
}

} // namespace

void add_passes(CLI::App& app, Command& command) {
  auto options = std::make_shared<PassesOptions>();
  CLI::App* sub = add_subcommand(
      app, "passes", "List all passes and presets, or describe one of them",
      "The description of a pass has an example: the graph before and after the pass, made by the LibTorch in use.");
  sub->add_option("NAME", options->name, "The name or alias of a pass, or the name of a preset");
  sub->add_flag("--excluded", options->excluded,
                "List the functions of LibTorch that tsir does not offer as passes, and why");
  options->json.add_to(*sub);
  set_command(*sub, command, options, run_passes);
}

} // namespace tsir::tool
