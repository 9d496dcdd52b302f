// Every pass that can change a graph has a test under tests/lit/passes in which it does.
#include "lib/base/error.h"
#include "lib/checks/run_lines.h"
#include "lib/compat/versions.h"
#include "lib/input/inputs.h"
#include "lib/model/load/load.h"
#include "lib/model/text_ir.h"
#include "lib/pass/pipeline.h"
#include "passes/all.h"
#include "tests/unit/unchanged_examples.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace tsir {
namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// Whether a test is for this version of LibTorch: its line "REQUIRES: torch-2.9-or-newer", as lit reads it.
bool is_for_this_version(const std::string& test) {
  static const std::string start = "REQUIRES: torch-2.";
  const size_t at = test.find(start);
  return at == std::string::npos || std::stoi(test.substr(at + start.size())) <= TORCH_VERSION_MINOR;
}

// A command of a test whose output is passed to FileCheck.
struct Shown {
  fs::path test;
  std::vector<std::string> words; // from the subcommand on
};

std::vector<Shown> commands_of(const fs::path& test) {
  std::vector<Shown> found;
  const std::string text = contents(test);
  if (!is_for_this_version(text)) {
    return found;
  }
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const size_t at = line.find("RUN: tsir ");
    if (at == std::string::npos) {
      continue;
    }
    try {
      const auto stages = split_pipe(line.substr(at + 5), test.string());
      if (stages.back().words[0] == "FileCheck") {
        found.push_back({test, {stages[0].words.begin() + 1, stages[0].words.end()}});
      }
    } catch (const Error&) { // it wants a whole shell
    }
  }
  return found;
}

std::vector<Shown> all_commands() {
  std::vector<Shown> all;
  for (const auto& entry : fs::recursive_directory_iterator(TSIR_SOURCE_DIR "/tests/lit/passes")) {
    const fs::path& path = entry.path();
    if ((path.extension() == ".ir" || path.extension() == ".test") && path.parent_path().filename() != "Inputs") {
      const auto commands = commands_of(path);
      all.insert(all.end(), commands.begin(), commands.end());
    }
  }
  return all;
}

// The value of an option, as `--name value` or `--name=value`.
std::vector<std::string> values_of(const std::vector<std::string>& words, const std::set<std::string>& names) {
  std::vector<std::string> values;
  for (size_t i = 0; i < words.size(); ++i) {
    const size_t equals = words[i].find('=');
    if (names.count(words[i]) > 0 && i + 1 < words.size()) {
      values.push_back(words[++i]);
    } else if (equals != std::string::npos && names.count(words[i].substr(0, equals)) > 0) {
      values.push_back(words[i].substr(equals + 1));
    }
  }
  return values;
}

Unit open_case(const std::string& file, const fs::path& test, const std::string& method) {
  const std::string path =
      substitute(file, {{"%s", test.string()}, {"%S", test.parent_path().string()}, {"%models", TSIR_MODELS_DIR}});
  if (path.ends_with(".ir")) {
    return Unit::of_graph(parse_ir(contents(path), path), path);
  }
  jit::Module module = ModelSource(path).instantiate();
  const std::string chosen = choose_method(module, method);
  return Unit::of_module(std::move(module), chosen);
}

class Changes : public Observer {
public:
  explicit Changes(std::set<std::string>& names) : names_(names) {}
  void after_pass(const PassEvent& event, Unit&) override {
    if (event.changed) {
      names_.insert(event.use.row->name);
    }
  }

private:
  std::set<std::string>& names_;
};

// Runs the test's command if it may show a pass that has not been shown yet.
void run_case(const Shown& shown, const Registry& registry, std::set<std::string>& changed) {
  const auto passes = values_of(shown.words, {"--passes", "-p"});
  if (passes.size() != 1) {
    return;
  }
  std::string text = passes[0];
  for (size_t at = 0; (at = text.find("%S")) != std::string::npos;) { // lit's name for the test's folder
    text.replace(at, 2, std::filesystem::path(shown.test).parent_path().string());
  }
  const Pipeline pipeline = Pipeline::parse(text, registry);
  if (std::all_of(pipeline.uses().begin(), pipeline.uses().end(),
                  [&](const PassUse& use) { return changed.count(use.row->name) > 0; })) {
    return;
  }
  const auto methods = values_of(shown.words, {"--method", "-m"});
  Unit unit = open_case(shown.words[1], shown.test, methods.empty() ? "" : methods[0]);
  std::optional<std::vector<c10::IValue>> inputs;
  if (const auto texts = values_of(shown.words, {"--input", "-i"}); !texts.empty()) {
    inputs = make_inputs({.inputs = texts, .file = ""}, unit.schema(), unit.has_module() ? &unit.module() : nullptr);
  }
  Changes observer(changed);
  Observer* const list[] = {&observer};
  pipeline.run(unit, {.inputs = inputs ? &*inputs : nullptr}, list);
}

TEST(PassCases, ShowEveryPassThatCanChangeAGraph) {
  const Registry registry = all_passes();
  std::set<std::string> changed;
  for (const Shown& shown : all_commands()) {
    try {
      if (shown.words[0] == "opt") {
        run_case(shown, registry, changed);
      } else if (shown.words[0] == "passes" && shown.words.size() == 2 && registry.find(shown.words[1]) != nullptr) {
        changed.insert(registry.find(shown.words[1])->name); // its example, which EveryPass.ChangesItsExample runs
      }
    } catch (const Error& error) {
      ADD_FAILURE() << shown.test << ": " << error.what();
    }
  }
  for (const PassRow* row : registry.rows()) {
    if (row->kind != PassKind::analysis && reason_for_no_change(*row).empty()) {
      EXPECT_TRUE(changed.count(row->name) > 0) << "no test under tests/lit/passes shows a change by " << row->name;
    }
  }
}

} // namespace
} // namespace tsir
