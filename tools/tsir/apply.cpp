// tsir apply: the passes of a recipe, run on a model and written.
#include "lib/base/error.h"
#include "lib/base/printable.h"
#include "lib/bench/job/conditions.h"
#include "lib/bench/machine/environment.h"
#include "lib/opt/job.h"
#include "lib/tune/recipe.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/workload_options.h"

#include <cstdio>

namespace tsir::tool {
namespace {

struct ApplyOptions {
  std::string recipe;
  std::string model;
  std::string output;
  bool allow_different = false;
  InputOptions input;
};

// The conditions of this machine; the model's own, such as shapes, are not known before it is run.
std::vector<Condition> conditions_here(const Recipe& recipe) {
  std::vector<Condition> here;
  BenchTarget target;
  target.method = recipe.method;
  for (const Condition& condition : conditions_of(target, read_environment())) {
    const bool of_machine = condition.name != "inputs" && condition.name != "seed" && condition.name != "executor" &&
                            condition.name != "autograd" && condition.name != "device" && condition.name != "threads";
    if (of_machine) {
      here.push_back(condition);
    }
  }
  return here;
}

int run_apply(const ApplyOptions& options, const Session& session) {
  const Recipe recipe = read_recipe(options.recipe);
  for (const std::string& line : differences(recipe, file_sha1(options.model), conditions_here(recipe))) {
    std::fprintf(stderr, "tsir: differs from the recipe: %s\n", printable(line).c_str());
  }
  ModelOptions model;
  model.file = options.model;
  model.method = recipe.method == "forward" ? "" : recipe.method;
  OptJob job;
  job.workload = make_workload(session, model, options.input, {});
  job.pipeline = Pipeline::parse(recipe.candidate.passes, session.registry, options.recipe);
  job.output = options.output;
  job.allow_different = options.allow_different;
  job.text = false;
  if (!gives_inputs(job.workload)) {
    job.workload.inputs.inputs = recipe.inputs;
    job.workload.inputs.whole = recipe.mix.empty() ? "" : recipe.mix.front().inputs;
  }
  opt(job, {.warn = warn_once});
  std::fprintf(stderr, "tsir: wrote %s: %s\n", options.output.c_str(),
               recipe.candidate.passes.empty() ? "no passes" : recipe.candidate.passes.c_str());
  if (const HostSettings defaults; recipe.candidate.settings != defaults) {
    std::fprintf(stderr, "tsir: the program must make these settings itself: %s\n",
                 to_text(recipe.candidate.settings).c_str());
  }
  return 0;
}

} // namespace

void add_apply(CLI::App& app, Command& command) {
  auto options = std::make_shared<ApplyOptions>();
  auto* sub = add_subcommand(
      app, "apply", "Run the passes of a recipe on a model and write it",
      "Says where the model or the machine differ from those of the recipe. The written module is loaded back and must "
      "give the outputs of the module as it came. A recipe's settings belong to the program that runs the module; they "
      "are named. `tsir tune --check` measures a recipe again.");
  sub->add_option("RECIPE", options->recipe, "A recipe that `tsir tune --recipe` wrote")->required()->option_text(" ");
  sub->add_option("FILE", options->model, "A .pt or .ff module")->required()->option_text(" ");
  sub->add_option("-o", options->output, "The file to write")->required()->type_name("FILE.pt");
  sub->add_flag("--allow-different", options->allow_different,
                "Write the module even if its outputs differ from those of the module as it came");
  options->input.add_to(*sub);
  set_command(*sub, command, options, run_apply);
}

} // namespace tsir::tool
