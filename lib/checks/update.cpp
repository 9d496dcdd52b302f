#include "lib/checks/update.h"

#include "lib/base/bytes.h"
#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/base/scratch_folder.h"
#include "lib/base/setting.h"
#include "lib/checks/check_lines.h"
#include "lib/checks/test_run.h"
#include "lib/checks/test_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

namespace tsir {
namespace {

namespace fs = std::filesystem;

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

void add_once(std::vector<std::string>& list, const std::string& item) {
  if (!contains(list, item)) {
    list.push_back(item);
  }
}

// The prefixes of all RUN lines, in order.
std::vector<std::string> prefixes_of(const std::vector<RunStep>& steps) {
  std::vector<std::string> found;
  for (const RunStep& step : steps) {
    for (const std::string& prefix : step.prefixes) {
      add_once(found, prefix);
    }
  }
  return found;
}

struct Plan {
  ChecksNote note;
  std::set<std::string> removed;
  std::vector<std::string> by_hand;
};

std::regex filter_of(const std::string& text, const std::string& path) {
  try {
    return std::regex(text);
  } catch (const std::regex_error&) {
    throw Error(ErrorKind::usage, fmt::format("{}: the filter '{}' is not a regular expression", path, text));
  }
}

// Decides which prefixes to write: the requested ones, or those that the file records and those without lines so far.
Plan make_plan(const TestText& test, const std::vector<RunStep>& steps, const std::string& path,
               const UpdateSettings& settings) {
  const std::vector<std::string> all = prefixes_of(steps);
  const std::optional<ChecksNote> remembered = test.note(path);
  const std::vector<std::string> written_before = remembered ? remembered->prefixes : std::vector<std::string>();
  Plan plan;
  plan.note.filter = !settings.filter.empty() ? settings.filter : remembered ? remembered->filter : "";
  plan.removed = {written_before.begin(), written_before.end()};
  for (const std::string& prefix : settings.prefixes) {
    if (!contains(all, prefix)) {
      throw Error(ErrorKind::usage,
                  fmt::format("{}: no RUN line has the prefix {}: there are {}", path, prefix, fmt::join(all, ", ")));
    }
  }
  for (const std::string& prefix : all) {
    const bool ours = contains(written_before, prefix) || contains(settings.prefixes, prefix);
    const bool free = settings.prefixes.empty() && !test.has_lines_of(prefix);
    if (ours || free) {
      plan.note.prefixes.push_back(prefix);
      plan.removed.insert(prefix);
    } else {
      plan.by_hand.push_back(prefix);
    }
  }
  if (plan.note.prefixes.empty()) {
    throw Error(ErrorKind::usage,
                fmt::format("{}: the lines of {} were written by hand and are kept; use {}={} to have them "
                            "replaced",
                            path, fmt::join(all, ", "), spelled(Setting::check_prefix), all.front()));
  }
  return plan;
}

bool prints_nothing(const std::string& text) {
  return text.find_first_not_of(" \n") == std::string::npos;
}

// The output of one RUN line, and the prefixes under which it may be checked.
struct Printed {
  const RunStep* step;
  std::vector<std::string> prefixes;
  std::string output;
};

std::vector<Printed> run_all(const TestRun& run, const std::vector<RunStep>& steps, const Plan& plan,
                             const std::string& path) {
  std::vector<Printed> all;
  for (const RunStep& step : steps) {
    Printed printed{.step = &step, .prefixes = {}, .output = {}};
    std::copy_if(step.prefixes.begin(), step.prefixes.end(), std::back_inserter(printed.prefixes),
                 [&](const std::string& prefix) { return contains(plan.note.prefixes, prefix); });
    if (step.kind == RunStep::Kind::check && printed.prefixes.empty()) {
      continue; // written by hand
    }
    printed.output = run.run(step);
    if (step.kind != RunStep::Kind::check) {
      continue;
    }
    if (prints_nothing(printed.output) && !step.allow_empty) {
      throw Error(ErrorKind::check,
                  fmt::format("{}:{}: `{}` does not print anything to check", path, step.line, step.text));
    }
    all.push_back(std::move(printed));
  }
  return all;
}

// The first prefix of `one` whose RUN lines all print the same output.
std::string prefix_for(const Printed& one, const std::vector<Printed>& all, const std::string& path) {
  for (const std::string& prefix : one.prefixes) {
    if (std::all_of(all.begin(), all.end(), [&](const Printed& other) {
          return !contains(other.prefixes, prefix) || other.output == one.output;
        })) {
      return prefix;
    }
  }
  throw Error(ErrorKind::usage,
              fmt::format("{}:{}: another RUN line with the prefix {} prints something else: give this one a prefix of "
                          "its own (--check-prefixes={},OTHER)",
                          path, one.step->line, one.prefixes.front(), one.prefixes.front()));
}

std::string part_for(const RunStep& step, const std::map<std::string, std::string>& parts, const std::string& path) {
  if (!step.part.empty() && parts.count(step.part) == 0) {
    throw Error(ErrorKind::usage, fmt::format("{}:{}: the file has no part {}", path, step.line, step.part));
  }
  const std::string part = step.part.empty() ? step.only_part() : step.part;
  return parts.count(part) > 0 ? part : "";
}

// The text of the test with new CHECK lines, generated by running its commands on `file`, which contains `text`.
std::string rendered(const std::string& text, const std::string& file, const std::string& path, const Plan& plan,
                     const UpdateSettings& settings) {
  const ScratchFolder folder("tsir-update-checks", settings.scratch);
  const TestText test(text);
  const std::vector<RunStep> steps = read_run_lines(text, path, settings.substitutions);
  const TestRun run(path, file, folder.path(), settings);
  const std::vector<Printed> all = run_all(run, steps, plan, path);
  CheckLineSettings lines{.filter = {}, .paths = run.paths()};
  if (!plan.note.filter.empty()) {
    lines.filter = filter_of(plan.note.filter, path);
  }
  std::vector<PrefixLines> added;
  std::set<std::string> done;
  for (const Printed& printed : all) {
    const std::string prefix = prefix_for(printed, all, path);
    if (done.insert(prefix).second) {
      std::vector<std::vector<std::string>> groups{{"-NOT: {{.}}"}}; // FileCheck's --allow-empty
      if (!prints_nothing(printed.output)) {
        groups = check_lines(printed.output, lines);
      }
      added.push_back({prefix, part_for(*printed.step, test.parts(), path), std::move(groups)});
    }
  }
  return test.with(plan.note, plan.removed, added);
}

// Copies the test to another folder under the same name, with the new text and with the files next to the original.
std::string copy_of_test(const std::string& path, const std::string& text, const fs::path& folder) {
  const fs::path copy = folder / fs::path(path).filename();
  write_file(copy, text);
  const fs::path tensors = path + ".tensors";
  if (fs::exists(tensors)) {
    fs::remove(copy.string() + ".tensors");
    fs::create_symlink(fs::absolute(tensors), copy.string() + ".tensors");
  }
  return copy;
}

} // namespace

TestToUpdate::TestToUpdate(const std::string& path, UpdateSettings settings)
    : path_(path), text_(Bytes::open(path)->text()), settings_(std::move(settings)),
      steps_(read_run_lines(text_, path, settings_.substitutions)) {
  const Plan plan = make_plan(TestText(text_), steps_, path_, settings_);
  filter_of(plan.note.filter, path_);
}

TestUpdate TestToUpdate::update() const {
  const Plan plan = make_plan(TestText(text_), steps_, path_, settings_);
  TestUpdate update{.before = text_, .after = {}, .written = plan.note.prefixes, .by_hand = plan.by_hand};
  update.after = rendered(text_, path_, path_, plan, settings_);
  if (settings_.once || update.current()) {
    return update;
  }
  // Messages may contain line numbers, which change with the new text, so the commands run again until the text is
  // stable. Output that differs between runs cannot be tested.
  for (int round = 0; round < 3; ++round) {
    const ScratchFolder folder("tsir-update-checks", settings_.scratch);
    const std::string again =
        rendered(update.after, copy_of_test(path_, update.after, folder.path()), path_, plan, settings_);
    if (again == update.after) {
      return update;
    }
    update.after = again;
  }
  throw Error(ErrorKind::check,
              fmt::format("{}: the output of its commands differs between runs: check those by hand, and select "
                          "the others with {}",
                          path_, spelled(Setting::check_prefix)));
}

} // namespace tsir
