#include "lib/checks/update_job.h"

#include "lib/base/output_file.h"
#include "lib/base/printable.h"
#include "lib/base/setting.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

namespace tsir {
namespace {

// Two threads must not work on the same file.
void check_files(const std::vector<std::string>& files) {
  std::set<std::string> seen;
  for (const std::string& file : files) {
    if (file == "-") {
      throw Error(ErrorKind::usage, "-: update-checks rewrites files and cannot read standard input");
    }
    if (!seen.insert(path_identity(file)).second) {
      throw Error(ErrorKind::usage, fmt::format("{} is given twice", file));
    }
  }
}

UpdateOutcome outcome_of(const TestToUpdate& test, bool write) {
  UpdateOutcome outcome{.file = test.path(), .update = {}, .error = {}};
  try {
    outcome.update = test.update();
    if (outcome.update.current()) {
      return outcome;
    }
    if (write) {
      write_file(test.path(), outcome.update.after);
    }
    outcome.state = write ? UpdateState::updated : UpdateState::out_of_date;
  } catch (const Error& error) {
    outcome.state = UpdateState::failed;
    outcome.error = error.what();
    outcome.kind = error.kind();
  }
  return outcome;
}

} // namespace

std::string_view to_string(UpdateState state) {
  switch (state) {
  case UpdateState::current:
    return "current";
  case UpdateState::updated:
    return "updated";
  case UpdateState::out_of_date:
    return "out of date";
  case UpdateState::failed:
    return "failed";
  }
  return "?";
}

std::vector<UpdateOutcome> update_tests(const UpdateJob& job) {
  check_files(job.files);
  std::vector<TestToUpdate> tests;
  for (const std::string& file : job.files) {
    tests.emplace_back(file, job.settings);
  }
  if (job.write) {
    std::for_each(job.files.begin(), job.files.end(), check_writable);
  }
  std::vector<UpdateOutcome> outcomes(tests.size());
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i = next++; i < tests.size(); i = next++) {
      outcomes[i] = outcome_of(tests[i], job.write);
    }
  };
  // Most of the time is spent in the commands, so threads do not need to share anything.
  std::vector<std::jthread> threads;
  const size_t wanted = job.jobs > 0 ? job.jobs : std::max(1U, std::thread::hardware_concurrency());
  for (size_t i = 1; i < std::min(wanted, tests.size()); ++i) {
    threads.emplace_back(work);
  }
  work();
  threads.clear(); // joins the threads
  return outcomes;
}

Substitutions parse_substitutions(const std::vector<std::string>& definitions) {
  Substitutions values;
  for (const std::string& definition : definitions) {
    const size_t equals = definition.find('=');
    if (equals == std::string::npos || equals < 2 || definition[0] != '%') {
      throw Error(ErrorKind::usage, fmt::format("{} {}: give it as %NAME=TEXT, such as '%models=build/models'",
                                                spelled(Setting::define), definition));
    }
    const std::string text = definition.substr(equals + 1);
    values[definition.substr(0, equals)] =
        std::filesystem::exists(text) ? std::filesystem::absolute(text).string() : text;
  }
  return values;
}

std::string outcome_line(const UpdateOutcome& outcome) {
  const std::vector<std::string>& by_hand = outcome.update.by_hand;
  return fmt::format("{}: {} ({}{})\n", printable(outcome.file), to_string(outcome.state),
                     fmt::join(outcome.update.written, ", "),
                     by_hand.empty() ? "" : fmt::format("; by hand: {}", fmt::join(by_hand, ", ")));
}

nlohmann::ordered_json update_report(const std::vector<UpdateOutcome>& outcomes) {
  auto files = nlohmann::ordered_json::array();
  for (const UpdateOutcome& outcome : outcomes) {
    nlohmann::ordered_json file{{"file", outcome.file}, {"state", to_string(outcome.state)}};
    if (outcome.state == UpdateState::failed) {
      file["error"] = outcome.error;
    } else {
      file["prefixes"] = outcome.update.written;
      file["by_hand"] = outcome.update.by_hand;
    }
    files.push_back(std::move(file));
  }
  return {{"schema", "tsir.update-checks/1"}, {"files", std::move(files)}};
}

} // namespace tsir
