// tsir update-checks: writes the CHECK lines of tests from what their RUN lines print.
#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/base/printable.h"
#include "lib/base/text_diff.h"
#include "lib/checks/update.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/options.h"

#include <fmt/ranges.h>

#include <atomic>
#include <filesystem>
#include <set>
#include <thread>
#include <unistd.h>

namespace tsir::tool {
namespace {

struct UpdateChecksOptions {
  std::vector<std::string> files;
  std::vector<std::string> prefixes;
  std::vector<std::string> definitions;
  std::string filter;
  JsonOption json;
  double seconds = 60;
  int jobs = 0;
  bool check = false;
  bool diff = false;
};

// What became of one file.
struct Outcome {
  TestUpdate update;
  std::string error; // "" where there was none
  ErrorKind kind = ErrorKind::check;
};

Substitutions substitutions_of(const std::vector<std::string>& definitions) {
  Substitutions values;
  for (const std::string& definition : definitions) {
    const size_t equals = definition.find('=');
    if (equals == std::string::npos || equals < 2 || definition[0] != '%') {
      throw Error(ErrorKind::usage,
                  fmt::format("-D {}: give it as %NAME=TEXT, such as '%models=build/models'", definition));
    }
    // Commands run in a folder of their own.
    const std::string text = definition.substr(equals + 1);
    values[definition.substr(0, equals)] =
        std::filesystem::exists(text) ? std::filesystem::absolute(text).string() : text;
  }
  return values;
}

std::vector<std::string> plain_environment() {
  std::vector<std::string> variables{"NO_COLOR=1"};
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view(*variable).starts_with("NO_COLOR=")) {
      variables.emplace_back(*variable);
    }
  }
  return variables;
}

UpdateSettings settings_of(const UpdateChecksOptions& options) {
  return {.prefixes = options.prefixes,
          .filter = options.filter,
          .substitutions = substitutions_of(options.definitions),
          .program = std::filesystem::read_symlink("/proc/self/exe"),
          .environment = plain_environment(),
          .scratch = std::filesystem::temp_directory_path(),
          .limit = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(options.seconds)),
          .once = options.check};
}

Outcome outcome_of(const TestToUpdate& test, bool write) {
  Outcome outcome;
  try {
    outcome.update = test.update();
    if (write && !outcome.update.current()) {
      write_file(test.path(), outcome.update.after);
    }
  } catch (const Error& error) {
    outcome.error = error.what();
    outcome.kind = error.kind();
  }
  return outcome;
}

// Each file is worked on by itself: most of the time goes into the commands.
std::vector<Outcome> all_outcomes(const std::vector<TestToUpdate>& tests, int jobs, bool write) {
  std::vector<Outcome> outcomes(tests.size());
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i = next++; i < tests.size(); i = next++) {
      outcomes[i] = outcome_of(tests[i], write);
    }
  };
  std::vector<std::jthread> threads;
  const size_t wanted = jobs > 0 ? static_cast<size_t>(jobs) : std::max(1U, std::thread::hardware_concurrency());
  for (size_t i = 1; i < std::min(wanted, tests.size()); ++i) {
    threads.emplace_back(work);
  }
  work();
  threads.clear(); // waits
  return outcomes;
}

const char* state_of(const Outcome& outcome, bool write) {
  return !outcome.error.empty() ? "failed" : outcome.update.current() ? "current" : write ? "updated" : "out of date";
}

nlohmann::ordered_json report(const std::vector<TestToUpdate>& tests, const std::vector<Outcome>& outcomes,
                              bool write) {
  auto files = nlohmann::ordered_json::array();
  for (size_t i = 0; i < tests.size(); ++i) {
    nlohmann::ordered_json file{{"file", tests[i].path()}, {"state", state_of(outcomes[i], write)}};
    if (outcomes[i].error.empty()) {
      file["prefixes"] = outcomes[i].update.written;
      file["by_hand"] = outcomes[i].update.by_hand;
    } else {
      file["error"] = outcomes[i].error;
    }
    files.push_back(std::move(file));
  }
  return {{"schema", "tsir.update-checks/1"}, {"files", std::move(files)}};
}

std::string line_for(const TestToUpdate& test, const Outcome& outcome, bool write) {
  const std::string by_hand =
      outcome.update.by_hand.empty() ? "" : fmt::format("; by hand: {}", fmt::join(outcome.update.by_hand, ", "));
  return fmt::format("{}: {} ({}{})\n", printable(test.path()), state_of(outcome, write),
                     fmt::join(outcome.update.written, ", "), by_hand);
}

void print_outcomes(const Session& session, const UpdateChecksOptions& options, const std::vector<TestToUpdate>& tests,
                    const std::vector<Outcome>& outcomes, bool write) {
  for (size_t i = 0; i < tests.size(); ++i) {
    const Outcome& outcome = outcomes[i];
    if (!outcome.error.empty()) {
      std::fprintf(stderr, "tsir: error: %s\n", printable(outcome.error).c_str());
    } else if (!options.json.takes_output()) {
      write_results(session, line_for(tests[i], outcome, write));
      if (options.diff) {
        write_results(session, unified_diff(outcome.update.before, outcome.update.after, session.color));
      }
    }
  }
}

int exit_code(const std::vector<Outcome>& outcomes, bool check) {
  int code = 0;
  for (const Outcome& outcome : outcomes) {
    if (!outcome.error.empty()) {
      code = std::max(code, static_cast<int>(outcome.kind));
    } else if (check && !outcome.update.current()) {
      code = std::max(code, static_cast<int>(ErrorKind::check));
    }
  }
  return code;
}

// Two at work on one file would be in each other's way.
void check_files(const std::vector<std::string>& files) {
  std::set<std::filesystem::path> seen;
  for (const std::string& file : files) {
    if (file == "-") {
      throw Error(ErrorKind::usage, "-: update-checks rewrites files, and does not read standard input");
    }
    if (!seen.insert(std::filesystem::weakly_canonical(file)).second) {
      throw Error(ErrorKind::usage, fmt::format("{} is given twice", file));
    }
  }
}

int run_update_checks(const UpdateChecksOptions& options, const Session& session) {
  check_files(options.files);
  const UpdateSettings settings = settings_of(options);
  std::vector<TestToUpdate> tests;
  for (const std::string& file : options.files) {
    check_different_files(options.json.given ? options.json.file : "", file);
    tests.emplace_back(file, settings);
  }
  const bool write = !options.check && !options.diff;
  if (write) {
    std::for_each(tests.begin(), tests.end(), [](const TestToUpdate& test) { check_writable(test.path()); });
  }
  const std::vector<Outcome> outcomes = all_outcomes(tests, options.jobs, write);
  print_outcomes(session, options, tests, outcomes, write);
  if (options.json.given) {
    write_json(session, report(tests, outcomes, write), options.json.file);
  }
  return exit_code(outcomes, options.check);
}

} // namespace

void add_update_checks(CLI::App& app, Command& command) {
  auto* sub = add_subcommand(
      app, "update-checks", "Update the CHECK lines of tests to what their RUN lines print",
      "Values become FileCheck variables, named after what they stand for. RUN lines may contain `tsir …`, `not tsir "
      "…` and `split-file %s %t`; nothing else is run. Lines that were written by hand are kept. Review the result: "
      "it shows what tsir does, not whether that is right.");
  auto options = std::make_shared<UpdateChecksOptions>();
  sub->add_option("FILE", options->files, "Tests: .ir or other text with RUN lines")->required()->option_text("...");
  sub->add_flag("--check", options->check, "Write nothing; exit code 1 where a file is out of date");
  sub->add_flag("--diff", options->diff, "Write nothing; show what would change");
  sub->add_option("--prefix", options->prefixes,
                  "Write the lines of these prefixes, also over lines written by hand (default: those written before, "
                  "and those that have none)")
      ->type_name("PREFIX,...")
      ->delimiter(',')
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  sub->add_option("--filter", options->filter, "Check only lines in which this is found; remembered in the file")
      ->type_name("REGEX");
  sub->add_option("-D,--define", options->definitions, "A substitution of your lit configuration; repeatable")
      ->type_name("%NAME=TEXT")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  sub->add_option("-j,--jobs", options->jobs, "Files at a time (default: as many as there are processors)")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  sub->add_option("--time-limit", options->seconds, "Give up when a command takes longer")
      ->type_name("SECONDS")
      ->check(positive_seconds())
      ->capture_default_str();
  options->json.add_to(*sub);
  sub->final_callback([options, &command] {
    command = [options](const Session& session) { return run_update_checks(*options, session); };
  });
}

} // namespace tsir::tool
