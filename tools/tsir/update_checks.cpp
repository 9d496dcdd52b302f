// tsir update-checks: writes the CHECK lines of tests from what their RUN lines print.
#include "lib/base/printable.h"
#include "lib/base/text_diff.h"
#include "lib/checks/update_job.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/options.h"
#include "tools/tsir/program_path.h"

#include <cstdio>
#include <filesystem>
#include <unistd.h>

namespace tsir::tool {
namespace {

struct UpdateChecksOptions {
  UpdateJob job;
  std::vector<std::string> definitions;
  JsonOption json;
  double seconds = 60;
  bool check = false;
  bool diff = false;
};

std::vector<std::string> environment_without_color() {
  std::vector<std::string> variables{"NO_COLOR=1"};
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view(*variable).starts_with("NO_COLOR=")) {
      variables.emplace_back(*variable);
    }
  }
  return variables;
}

UpdateJob job_of(const UpdateChecksOptions& options) {
  UpdateJob job = options.job;
  job.write = !options.check && !options.diff;
  UpdateSettings& settings = job.settings;
  settings.substitutions = parse_substitutions(options.definitions);
  settings.program = program_path();
  settings.environment = environment_without_color();
  settings.scratch = std::filesystem::temp_directory_path();
  settings.limit = nanoseconds_of(options.seconds);
  settings.once = options.check;
  return job;
}

void print(const UpdateChecksOptions& options, const UpdateOutcome& outcome, const Session& session) {
  if (outcome.state == UpdateState::failed) {
    std::fprintf(stderr, "tsir: error: %s\n", printable(outcome.error).c_str());
    return;
  }
  if (options.json.takes_output()) {
    return;
  }
  write_results(session, outcome_line(outcome));
  if (options.diff) {
    write_results(session, unified_diff(outcome.update.before, outcome.update.after, session.color));
  }
}

int exit_code(const UpdateOutcome& outcome, bool check) {
  if (outcome.state == UpdateState::failed) {
    return static_cast<int>(outcome.kind);
  }
  return check && outcome.state == UpdateState::out_of_date ? static_cast<int>(ErrorKind::check) : 0;
}

int run_update_checks(const UpdateChecksOptions& options, const Session& session) {
  for (const std::string& file : options.job.files) {
    check_different_files(options.json, file);
  }
  const std::vector<UpdateOutcome> outcomes = update_tests(job_of(options));
  int code = 0;
  for (const UpdateOutcome& outcome : outcomes) {
    print(options, outcome, session);
    code = std::max(code, exit_code(outcome, options.check));
  }
  if (options.json.given) {
    write_json(session, update_report(outcomes), options.json.file);
  }
  return code;
}

} // namespace

void add_update_checks(CLI::App& app, Command& command) {
  auto* sub = add_subcommand(
      app, "update-checks", "Update the CHECK lines of tests to what their RUN lines print",
      "Values become FileCheck variables, named after what they stand for. RUN lines may contain `tsir …`, `not tsir "
      "…` and `split-file %s %t`; nothing else is run. Lines that were written by hand are kept. Review the result: "
      "it shows what tsir does, not whether that is right.");
  auto options = std::make_shared<UpdateChecksOptions>();
  UpdateJob& job = options->job;
  sub->add_option("FILE", job.files, "Tests: .ir or other text files with RUN lines")->required()->option_text("...");
  sub->add_flag("--check", options->check, "Do not write; exit with code 1 if a file is out of date");
  sub->add_flag("--diff", options->diff, "Do not write; show what would change");
  sub->add_option("--prefix", job.settings.prefixes,
                  "Write the lines of these prefixes, and replace lines written by hand (default: the prefixes that "
                  "update-checks wrote before, and those that have no lines yet)")
      ->type_name("PREFIX,...")
      ->delimiter(',')
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  sub->add_option("--filter", job.settings.filter, "Check only lines that match; the file remembers the expression")
      ->type_name("REGEX");
  sub->add_option("-D,--define", options->definitions, "Define a substitution as in your lit configuration; repeatable")
      ->type_name("%NAME=TEXT")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  sub->add_option("-j,--jobs", job.jobs, "Number of files to work on at once (default: one for each processor)")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  sub->add_option("--time-limit", options->seconds, "Stop a command that takes longer")
      ->type_name("SECONDS")
      ->check(positive_seconds())
      ->capture_default_str();
  options->json.add_to(*sub);
  set_command(*sub, command, options, run_update_checks);
}

} // namespace tsir::tool
