// tsir opt: runs passes on a module or graph, shows what each does, and writes the result.
#include "lib/base/error.h"
#include "lib/base/printable.h"
#include "lib/reduce/recovery.h"
#include "lib/run/threads.h"
#include "tools/tsir/emit.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/opt_options.h"

#include <cstdio>

namespace tsir::tool {
namespace {

void to_stderr(const std::string& text) {
  std::fputs(text.c_str(), stderr);
}

void print_tables(const OptOptions& options, const std::vector<PassRecord>& records) {
  if (options.time_passes) {
    to_stderr(time_table(records));
  }
  if (options.stats) {
    to_stderr(stats_table(records));
  }
}

std::string saved_text(const SaveCheck& check) {
  switch (check.compared) {
  case SaveCheck::Compared::nothing:
    return " (give --input to have its outputs checked too)";
  case SaveCheck::Compared::inputs_changed:
    return "; its outputs were not checked, since a pass changed its inputs";
  case SaveCheck::Compared::inputs_failed:
    return fmt::format("; its outputs were not checked, since the inputs that the file holds do not run ({}): give "
                       "--input",
                       check.failure);
  case SaveCheck::Compared::outputs:
    break;
  }
  if (!check.difference.same) {
    return fmt::format(", but its outputs DIFFER from those of {} as it came: {}", check.reference,
                       check.difference.what);
  }
  const std::string how = check.difference.identical
                              ? "bit for bit"
                              : fmt::format("within tolerance, off by at most {:.2g}", check.difference.max_absolute);
  return fmt::format(" and gives the outputs of {} as it came on these inputs, {}", check.reference, how);
}

std::vector<ProgramFile> programs_of(const OptOptions& options) {
  return {{Language::cpp, options.emit_cpp}, {Language::python, options.emit_python}};
}

// `outcome`: after the passes.
void write_programs(const OptOptions& options, const OptJob& job, const OptOutcome& outcome, const Session& session) {
  if (!options.writes_program()) {
    return;
  }
  if (!outcome.of_module) {
    throw Error(ErrorKind::usage, fmt::format("{} is a bare graph: a program prepares a module", options.model.file));
  }
  const Program program{
      .made_by = made_by(), .file = options.model.file, .method = outcome.method, .pipeline = job.pipeline};
  for (const ProgramFile& file : programs_of(options)) {
    if (!file.path.empty()) {
      check_did_no_more(program, outcome.ran, file.language);
      write_program_file(program, file, session);
    }
  }
}

void print_result(const OptOptions& options, const OptJob& job, const OptOutcome& outcome, const Session& session) {
  if (outcome.saved) {
    std::fprintf(stderr, "tsir: wrote %s; it loads%s\n", job.output.c_str(),
                 printable(saved_text(*outcome.saved)).c_str());
    if (!outcome.saved->left_out.empty()) {
      std::fprintf(stderr, "tsir: %s does not have these parts of %s: %s\n", job.output.c_str(),
                   outcome.saved->reference.c_str(),
                   printable(fmt::format("{}", fmt::join(outcome.saved->left_out, "; "))).c_str());
    }
  }
  if (job.output.empty() && !options.json.takes_output()) { // there the graph is in the JSON
    write_results(session, outcome.reports + (options.no_graph ? "" : outcome.text));
  }
  if (options.json.given) {
    write_json(session, to_json(job, outcome), options.json.file);
  }
  write_programs(options, job, outcome, session);
}

// Refers to all arguments.
OptHooks hooks_of(const OptOptions& options, const OptJob& job, const Session& session) {
  return {.text = to_stderr,
          .warn = warn_once,
          .begin =
              [&](size_t graph) {
                if (graph > 1) {
                  write_results(session, "# -----\n");
                }
              },
          .ran =
              [&](const OptOutcome& outcome) {
                print_tables(options, outcome.ran);
                if (!job.output.empty()) { // before it is written, which may fail
                  write_results(session, outcome.reports);
                }
              },
          .done = [&](const OptOutcome& outcome) { print_result(options, job, outcome, session); },
          .observer = [&](size_t graph) { return std::make_unique<RecoveryObserver>(job.pipeline, graph); }};
}

// Throws Error(check) if there are mismatches.
void print_mismatches(const std::vector<std::string>& wrong, const std::string& file) {
  for (const std::string& line : wrong) {
    std::fprintf(stderr, "tsir: error: %s\n", printable(line).c_str());
  }
  if (!wrong.empty()) {
    throw Error(ErrorKind::check, fmt::format("{}: what was found and what was expected differ in {} place{}", file,
                                              wrong.size(), wrong.size() == 1 ? "" : "s"));
  }
}

// In the second process.
void report_earlier(const EarlierFailure& failure, const OptOptions& options, const OptJob& job,
                    const Session& session) {
  const std::vector<std::string> lines = write_reproducers(failure, {.workload = job.workload,
                                                                     .pipeline = job.pipeline,
                                                                     .purpose = purpose_of(job),
                                                                     .registry = &session.registry,
                                                                     .found_by = session.given.line(),
                                                                     .folder = options.reproducers,
                                                                     .file = options.crash_reproducer});
  if (!lines.empty()) {
    report_recovery(fmt::format("{}", fmt::join(lines, "\ntsir: ")));
  }
}

int run_opt(const OptOptions& options, const Session& session) {
  const OptJob job = options.job(session);
  set_threads(job.workload.threads);
  if (const auto failure = earlier_failure()) {
    report_earlier(*failure, options, job, session);
    return 0;
  }
  check_crash_reproducer(options.crash_reproducer, {options.model.file, options.output, options.json.file});
  check_different_files(options.json, options.output);
  check_program_files(programs_of(options), job.pipeline, options.model,
                      {options.model.file, options.output, options.json.given ? options.json.file : ""});
  const OptHooks hooks = hooks_of(options, job, session);
  if (options.verify_diagnostics) {
    print_mismatches(verify_diagnostics(job, hooks), options.model.file);
  } else {
    opt(job, hooks);
  }
  return 0;
}

} // namespace

void add_opt(CLI::App& app, Command& command) {
  auto* sub = add_subcommand(
      app, "opt", "Run passes on a model or graph and write the result",
      "Prints the resulting graph, or writes a module that can be loaded to -o FILE.pt.\n"
      "The module is loaded fully, which runs its __setstate__, for passes that run operators (freeze, constant "
      "propagation), for profiled passes, with --compare and with -o FILE. Otherwise none of its code is run.");
  auto options = std::make_shared<OptOptions>();
  options->add_to(*sub);
  set_command(*sub, command, options, run_opt);
}

} // namespace tsir::tool
