// tsir apply: the passes of a recipe, run on a model and written.
#include "lib/base/error.h"
#include "lib/base/printable.h"
#include "lib/bench/job/conditions.h"
#include "lib/bench/machine/environment.h"
#include "lib/opt/job.h"
#include "lib/tune/recipe.h"
#include "tools/tsir/emit.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/workload_options.h"

#include <cstdio>

namespace tsir::tool {
namespace {

struct ApplyOptions {
  std::string recipe;
  std::string model;
  std::string output;
  std::string emit_cpp;
  std::string emit_python;
  bool allow_different = false;
  InputOptions input;

  std::vector<ProgramFile> programs() const { return {{Language::cpp, emit_cpp}, {Language::python, emit_python}}; }
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

void write_programs(const ApplyOptions& options, const Recipe& recipe, const Pipeline& pipeline,
                    const std::vector<PassRecord>& ran, const Session& session) {
  const TimeRatio& time = recipe.confirmed;
  const Program program{.made_by = made_by(),
                        .file = options.model,
                        .method = recipe.method,
                        .pipeline = pipeline,
                        .about = {fmt::format("From {}: {} {:.3f} [{:.3f}, {:.3f}] of that of the module as loaded.",
                                              options.recipe, recipe.goal, time.ratio, time.low, time.high)},
                        .device = value_of(recipe.conditions, "device"),
                        .settings = recipe.candidate.settings};
  for (const ProgramFile& file : options.programs()) {
    if (!file.path.empty()) {
      check_did_no_more(program, ran, file.language);
      write_program_file(program, file, session);
    }
  }
}

int run_apply(const ApplyOptions& options, const Session& session) {
  if (options.output.empty() && options.emit_cpp.empty() && options.emit_python.empty()) {
    throw Error(ErrorKind::usage, "give -o, --emit-cpp or --emit-python: what to write");
  }
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
  check_program_files(options.programs(), job.pipeline, model, {options.model, options.recipe, options.output});
  job.text = false;
  if (!gives_inputs(job.workload)) {
    job.workload.inputs.inputs = recipe.inputs;
    job.workload.inputs.whole = recipe.mix.empty() ? "" : recipe.mix.front().inputs;
  }
  const std::vector<OptOutcome> outcomes = opt(job, {.warn = warn_once});
  if (!options.output.empty()) {
    std::fprintf(stderr, "tsir: wrote %s: %s\n", options.output.c_str(),
                 recipe.candidate.passes.empty() ? "no passes" : recipe.candidate.passes.c_str());
  }
  write_programs(options, recipe, job.pipeline, outcomes.front().ran, session);
  if (!options.output.empty() && recipe.candidate.settings != HostSettings()) {
    std::fprintf(stderr, "tsir: the program must make these settings itself: %s\n",
                 to_text(recipe.candidate.settings).c_str());
  }
  return 0;
}

} // namespace

void add_apply(CLI::App& app, Command& command) {
  auto options = std::make_shared<ApplyOptions>();
  auto* sub = add_subcommand(
      app, "apply", "Run the passes of a recipe on a model, and write the module or a program",
      "Says where the model or the machine differ from those of the recipe. The written module is loaded back and must "
      "give the outputs of the module as it came. A recipe's settings belong to the program that runs the module; they "
      "are named. `tsir tune --check` measures a recipe again.");
  sub->add_option("RECIPE", options->recipe, "A recipe that `tsir tune --recipe` wrote")->required()->option_text(" ");
  sub->add_option("FILE", options->model, "A .pt or .ff module")->required()->option_text(" ");
  sub->add_option("-o", options->output, "Write the module after the passes")->type_name("FILE.pt");
  sub->add_option("--emit-cpp", options->emit_cpp,
                  "Write a C++ header that needs LibTorch only: it runs the passes on the module as loaded, and makes "
                  "the settings; - for standard output")
      ->type_name("FILE.h");
  sub->add_option("--emit-python", options->emit_python,
                  "Write the same as a Python file, as far as Python reaches the passes")
      ->type_name("FILE.py");
  sub->add_flag("--allow-different", options->allow_different,
                "Write the module even if its outputs differ from those of the module as it came");
  options->input.add_to(*sub);
  set_command(*sub, command, options, run_apply);
}

} // namespace tsir::tool
