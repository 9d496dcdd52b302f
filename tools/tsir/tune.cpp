// tsir tune: the fastest way to run a model whose outputs stay the same, and how to take it home.
#include "tools/tsir/tune_options.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/base/printable.h"
#include "lib/base/run_all.h"
#include "lib/opt/job.h"
#include "lib/tune/page.h"
#include "lib/workload/invocation.h"
#include "tools/tsir/bench_progress.h"
#include "tools/tsir/emit.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/stop_signal.h"

#include <csignal>
#include <cstdio>
#include <unistd.h>

namespace tsir::tool {
namespace {

bool is_faster(const Confirmation& confirmation) {
  return confirmation.decision.outcome == Outcome::faster;
}

// Runs the search with a progress bar; the first Ctrl-C ends it.
template <class Outcome>
Outcome run_watched(const Session& session, const std::function<Outcome(const TuneHooks&)>& run) {
  ProgressBar bar(::isatty(STDERR_FILENO) != 0, session.color_stderr);
  const StopSignal watched;
  const TuneHooks hooks{.stop = [] { return StopSignal::received() != 0; },
                        .progress = [&](const Progress& progress) { bar.draw(progress); }};
  return run(hooks);
}

// The module after the passes, checked as `opt` checks it.
void write_module(const TuneOptions& options, const Session& session, const TuneCandidate& candidate) {
  OptJob writing;
  writing.workload = options.job(session).workload;
  writing.workload.sets = 1;
  writing.pipeline = Pipeline::parse(candidate.passes, session.registry);
  writing.observers.quiet = true;
  writing.output = options.output;
  writing.allow_different = changes_precision(candidate); // the search has compared them
  writing.text = false;
  opt(writing);
  std::fprintf(stderr, "tsir: wrote %s: %s\n", options.output.c_str(), candidate.passes.c_str());
}

Program program_for(const TuneOptions& options, const Session& session, const TuneOutcome& outcome,
                    const Confirmation& confirmation) {
  const Ratio& ratio = confirmation.decision.ratio;
  return {.made_by = made_by(),
          .file = options.model.file,
          .method = outcome.method,
          .pipeline = Pipeline::parse(confirmation.candidate.passes, session.registry),
          .about = {fmt::format("Measured on {}: {} {:.3f} [{:.3f}, {:.3f}] of that of the module as loaded.",
                                outcome.environment.cpu_model, options.goal, ratio.ratio, ratio.low, ratio.high)},
          .device = value_of(outcome.conditions, "device"),
          .settings = confirmation.candidate.settings};
}

// Why the language cannot do what the candidate does; "" if it can.
std::string obstacle(const Program& program, const CandidateOutcome& candidate, Language language) {
  try {
    check_can_be_written(program, language);
  } catch (const Error& error) {
    return error.what();
  }
  return candidate.unit.beyond_host.empty()
             ? ""
             : fmt::format("LibTorch's function does not do everything that the pass does here: {}",
                           candidate.unit.beyond_host.front());
}

// The best that can be written: the best of all, or else the best that a .pt can hold.
void write_language(const TuneOptions& options, const Session& session, const TuneOutcome& outcome,
                    const ProgramFile& file) {
  if (file.path.empty()) {
    return;
  }
  std::string why = "nothing was faster";
  for (const auto* confirmation : {&outcome.best, &outcome.best_savable}) {
    if (!*confirmation || !is_faster(**confirmation)) {
      continue;
    }
    const Program program = program_for(options, session, outcome, **confirmation);
    why = obstacle(program, *outcome.find((*confirmation)->candidate), file.language);
    if (why.empty()) {
      write_program_file(program, file, session);
      return;
    }
    std::fprintf(stderr, "tsir: not written in %s: %s: %s\n", std::string(to_string(file.language)).c_str(),
                 (*confirmation)->candidate.name().c_str(), printable(why).c_str());
  }
  std::fprintf(stderr, "tsir: %s was not written: %s\n", file.path.c_str(), printable(why).c_str());
}

void write_results_of(const TuneOptions& options, const Session& session, const TuneJob& job,
                      const TuneOutcome& outcome) {
  const bool savable = outcome.best_savable && is_faster(*outcome.best_savable);
  run_all({[&] {
             if (!options.output.empty() && savable && !outcome.best_savable->candidate.passes.empty()) {
               write_module(options, session, outcome.best_savable->candidate);
             } else if (!options.output.empty()) {
               std::fprintf(stderr, "tsir: %s was not written: no passes whose result a .pt can hold were faster\n",
                            options.output.c_str());
             }
           },
           [&] {
             const bool faster = outcome.best && is_faster(*outcome.best);
             if (!options.recipe.empty() && (faster || savable)) {
               const Confirmation& best = faster ? *outcome.best : *outcome.best_savable;
               write_json(session, to_json(recipe_for(job, outcome, best, made_by())), options.recipe);
             } else if (!options.recipe.empty()) {
               std::fprintf(stderr, "tsir: %s was not written: nothing was faster\n", options.recipe.c_str());
             }
           },
           [&] {
             write_language(options, session, outcome, {Language::cpp, options.emit_cpp});
           },
           [&] {
             write_language(options, session, outcome, {Language::python, options.emit_python});
           }});
}

// What writes the candidate: names and command lines.
std::vector<std::pair<std::string, std::string>> commands_for(const TuneOptions& options, const TuneOutcome& outcome,
                                                              const Confirmation& confirmation, bool in_cpp) {
  const std::string& passes = confirmation.candidate.passes;
  std::vector<std::pair<std::string, std::string>> commands;
  const auto add = [&](const char* what, const char* flag, const char* file) {
    Invocation invocation("opt", options.model.file);
    invocation.add("--passes", passes);
    invocation.add(flag, file);
    commands.emplace_back(what, invocation.line());
  };
  const CandidateOutcome* row = outcome.find(confirmation.candidate);
  if (!passes.empty() && row != nullptr && row->savable()) {
    add("the module after the passes", "-o", "fast.pt");
  }
  if (!passes.empty() && in_cpp) {
    add("a C++ header that runs them", "--emit-cpp", "prepare_model.h");
  }
  return commands;
}

void write_page(const TuneOptions& options, const Session& session, const TuneJob& job, const TuneOutcome& outcome) {
  const auto not_in_cpp = [&](const Confirmation& confirmation) {
    return obstacle(program_for(options, session, outcome, confirmation), *outcome.find(confirmation.candidate),
                    Language::cpp);
  };
  const auto commands = [&](const Confirmation& confirmation) {
    return commands_for(options, outcome, confirmation, not_in_cpp(confirmation).empty());
  };
  const TunePageSettings page{
      .tool = made_by(), .command = session.given.line(), .commands = commands, .not_in_cpp = not_in_cpp};
  write_file(options.report, tune_page(job, outcome, page));
}

int check_again(const TuneOptions& options, const Session& session) {
  const Recipe recipe = read_recipe(options.check);
  TuneJob job = options.job(session);
  job.goal = parse_goal(recipe.goal);
  if (!gives_inputs(job.workload)) {
    job.workload.inputs.inputs = recipe.inputs;
    job.mix = recipe.mix;
    job.workload.inputs.whole = recipe.mix.empty() ? "" : recipe.mix.front().inputs;
  }
  if (job.workload.source.method.empty()) {
    job.workload.source.method = recipe.method;
  }
  const CheckedRecipe checked =
      run_watched<CheckedRecipe>(session, [&](const TuneHooks& hooks) { return check_recipe(recipe, job, hooks); });
  write_results(session, to_text(job, checked));
  return is_faster(checked.confirmation) ? 0 : static_cast<int>(ErrorKind::check);
}

int run_tune(const TuneOptions& options, const Session& session) {
  options.check_files();
  try {
    if (!options.check.empty()) {
      return check_again(options, session);
    }
    const TuneJob job = options.job(session);
    const TuneOutcome outcome =
        run_watched<TuneOutcome>(session, [&](const TuneHooks& hooks) { return tune(job, hooks); });
    write_report(
        session, options.json, [&] { return to_json(job, outcome); }, [&] { return to_text(job, outcome); });
    if (!options.report.empty()) {
      write_page(options, session, job, outcome);
    }
    if (outcome.interrupted) {
      return 128 + StopSignal::received();
    }
    write_results_of(options, session, job, outcome);
    return 0;
  } catch (const Interrupted&) {
    ::raise(StopSignal::received());
    throw;
  }
}

} // namespace

void add_tune(CLI::App& app, Command& command) {
  auto* sub = add_subcommand(
      app, "tune", "Search for the fastest way to run a model",
      "Tries passes and settings, each in a process of its own: alone, and in combinations of what helped. Those whose "
      "outputs differ are left out; the others race, and the winner is measured again against the module as it came, "
      "in "
      "fresh processes and with fresh inputs. If nothing is faster, the answer is to leave it as it is. See "
      "docs/tuning.md.\n"
      "The module is loaded fully, which runs its __setstate__, and the method itself is run.");
  auto options = std::make_shared<TuneOptions>();
  options->add_to(*sub);
  set_command(*sub, command, options, run_tune);
}

} // namespace tsir::tool
