#include "lib/checks/run_lines.h"

#include "lib/base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>

namespace tsir {
namespace {

constexpr std::string_view in_temporary = "%t/";

struct RunLine {
  size_t line;
  std::string command;
};

// The text after `RUN:`. A line that ends in a backslash is joined with the next one.
std::vector<RunLine> run_lines_of(const std::string& text) {
  std::vector<RunLine> found;
  bool open = false;
  size_t number = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const size_t at = line.find("RUN:");
    if (at == std::string::npos || (at > 0 && std::isalnum(static_cast<unsigned char>(line[at - 1])) != 0)) {
      continue;
    }
    std::string command = line.substr(at + 4);
    command.erase(command.find_last_not_of(" \t\r") + 1);
    command.erase(0, command.find_first_not_of(" \t"));
    const bool goes_on = !command.empty() && command.back() == '\\';
    if (goes_on) {
      command.pop_back();
    }
    if (open) {
      found.back().command += command;
    } else {
      found.push_back({number, command});
    }
    open = goes_on;
  }
  return found;
}

std::vector<std::string> comma_list(const std::string& text) {
  std::vector<std::string> items;
  std::istringstream stream(text);
  for (std::string item; std::getline(stream, item, ',');) {
    items.push_back(item);
  }
  return items;
}

class StepReader {
public:
  StepReader(const RunLine& line, const std::string& path)
      : where_(fmt::format("{}:{}", path, line.line)), stages_(split_pipe(line.command, where_)) {
    step_.line = line.line;
    step_.text = line.command;
  }

  RunStep step() {
    const PipeStage& last = stages_.back();
    if (stages_.size() == 1 && last.words[0] == "split-file") {
      if (last.words != std::vector<std::string>{"split-file", "%s", "%t"}) {
        refuse("update-checks supports only `split-file %s %t`");
      }
      step_.kind = RunStep::Kind::split_file;
      return step_;
    }
    if (last.words[0] == "FileCheck" && stages_.size() > 1) {
      step_.kind = RunStep::Kind::check;
      read_file_check(last.words);
      stages_.pop_back();
    }
    for (size_t i = 0; i < stages_.size(); ++i) {
      step_.stages.push_back(tsir_stage(stages_[i], i + 1 == stages_.size()));
    }
    return step_;
  }

private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorKind::usage, fmt::format("{}: {}: `{}`", where_, what, step_.text));
  }

  // Removes the words `not` and `tsir`.
  PipeStage tsir_stage(PipeStage stage, bool last) {
    std::vector<std::string>& words = stage.words;
    if (words[0] == "not") {
      if (!last) {
        refuse("`not` is allowed only for the last command before FileCheck");
      }
      step_.fails = true;
      words.erase(words.begin());
    }
    if (words.empty() || words[0] != "tsir") {
      refuse(fmt::format("update-checks runs only `tsir …` and `not tsir …`, alone or with `| FileCheck %s`, not '{}'",
                         words.empty() ? "not" : words[0]));
    }
    words.erase(words.begin());
    if (!words.empty() && words[0] == "update-checks") {
      refuse("update-checks cannot run itself");
    }
    return stage;
  }

  void read_file_check(const std::vector<std::string>& words) {
    std::string file;
    for (size_t i = 1; i < words.size(); ++i) {
      if (words[i].empty() || words[i][0] != '-') {
        if (!file.empty()) {
          refuse("FileCheck takes one file");
        }
        file = words[i];
        continue;
      }
      std::string name = words[i].substr(words[i].find_first_not_of('-') == 2 ? 2 : 1);
      std::string value;
      if (const size_t equals = name.find('='); equals != std::string::npos) {
        value = name.substr(equals + 1);
        name.resize(equals);
      } else if ((name == "check-prefix" || name == "check-prefixes") && i + 1 < words.size()) {
        value = words[++i];
      }
      read_flag(name, value);
    }
    if (file != "%s" && (!file.starts_with(in_temporary) || file.size() == in_temporary.size())) {
      refuse("update-checks writes for `FileCheck %s`, or `FileCheck %t/PART` after split-file");
    }
    step_.part = file == "%s" ? "" : file.substr(in_temporary.size());
    if (step_.prefixes.empty()) {
      step_.prefixes.emplace_back("CHECK");
    }
  }

  void read_flag(const std::string& name, const std::string& value) {
    if (name == "check-prefix" || name == "check-prefixes") {
      for (const std::string& prefix : comma_list(value)) {
        step_.prefixes.push_back(prefix);
      }
    } else if (name == "allow-empty") {
      step_.allow_empty = true;
    } else if (name == "match-full-lines" || name == "strict-whitespace" || name == "input-file") {
      refuse(fmt::format("update-checks cannot write for FileCheck's --{}", name));
    }
  }

  std::string where_;
  std::vector<PipeStage> stages_;
  RunStep step_;
};

bool begins_at(const std::string& text, size_t at, const std::string& what) {
  return text.compare(at, what.size(), what) == 0;
}

} // namespace

std::string RunStep::only_part() const {
  std::set<std::string> parts;
  for (const PipeStage& stage : stages) {
    for (const std::string& word : stage.words) {
      if (word.starts_with(in_temporary)) {
        parts.insert(word.substr(in_temporary.size()));
      } else if (word == "%s") {
        parts.insert("");
      }
    }
  }
  return parts.size() == 1 ? *parts.begin() : "";
}

std::string substitute(const std::string& word, const Substitutions& values) {
  std::string result;
  for (size_t at = 0; at < word.size();) {
    const std::pair<const std::string, std::string>* longest = nullptr;
    for (const auto& value : values) {
      if (begins_at(word, at, value.first) && (longest == nullptr || longest->first.size() < value.first.size())) {
        longest = &value;
      }
    }
    if (longest != nullptr) {
      result += longest->second;
      at += longest->first.size();
    } else {
      result += word[at++];
    }
  }
  return result;
}

std::vector<RunStep> read_run_lines(const std::string& text, const std::string& path, const Substitutions& own) {
  std::vector<RunStep> steps;
  for (RunLine& line : run_lines_of(text)) {
    line.command = substitute(line.command, own);
    steps.push_back(StepReader(line, path).step());
  }
  const bool any =
      std::any_of(steps.begin(), steps.end(), [](const RunStep& step) { return step.kind == RunStep::Kind::check; });
  if (!any) {
    throw Error(
        ErrorKind::usage,
        fmt::format("{}: no RUN line with FileCheck, such as `# RUN: tsir opt %s -p dce | FileCheck %s`", path));
  }
  return steps;
}

} // namespace tsir
