#include "lib/checks/shell_words.h"

#include "lib/base/error.h"

#include <fmt/format.h>

#include <cctype>
#include <utility>

namespace tsir {
namespace {

class PipeSplitter {
public:
  PipeSplitter(std::string_view command, const std::string& where) : command_(command), where_(where) {}

  std::vector<PipeStage> stages() {
    stages_.emplace_back();
    while (at_ < command_.size()) {
      step();
    }
    end_word();
    for (const PipeStage& stage : stages_) {
      if (stage.words.empty()) {
        refuse("missing command");
      }
    }
    return std::move(stages_);
  }

private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorKind::usage, fmt::format("{}: {} in `{}`", where_, what, command_));
  }

  void step() {
    const char c = command_[at_];
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      end_word();
      ++at_;
    } else if (c == '\'' || c == '"') {
      quoted(c);
    } else if (c == '\\') {
      ++at_;
      take();
    } else if (!in_word_ && redirection()) {
      return;
    } else if (c == '|' && command_.substr(at_, 2) != "||") {
      end_word();
      stages_.emplace_back();
      ++at_;
    } else if (std::string_view("|&;<>()`$*?").find(c) != std::string_view::npos) {
      refuse(fmt::format("update-checks does not support the shell's '{}' (quote it if it is text)", c));
    } else {
      take();
    }
  }

  // Parses the redirections that do not need a shell.
  bool redirection() {
    PipeStage& stage = stages_.back();
    for (const auto& [text, flag] :
         {std::pair{"2>&1", &PipeStage::errors_to_output}, std::pair{">/dev/null", &PipeStage::drops_output},
          std::pair{"> /dev/null", &PipeStage::drops_output}, std::pair{"2>/dev/null", &PipeStage::drops_errors},
          std::pair{"2> /dev/null", &PipeStage::drops_errors}}) {
      if (command_.substr(at_).starts_with(text)) {
        stage.*flag = true;
        at_ += std::string_view(text).size();
        return true;
      }
    }
    return false;
  }

  void take() {
    if (at_ == command_.size()) {
      refuse("trailing backslash");
    }
    in_word_ = true;
    word_ += command_[at_++];
  }

  void quoted(char quote) {
    in_word_ = true;
    for (++at_; at_ < command_.size() && command_[at_] != quote;) {
      const char next = at_ + 1 < command_.size() ? command_[at_ + 1] : '\0';
      if (quote == '"' && command_[at_] == '\\' && (next == '"' || next == '\\')) {
        ++at_;
      }
      word_ += command_[at_++];
    }
    if (at_ == command_.size()) {
      refuse("unterminated quote");
    }
    ++at_;
  }

  void end_word() {
    if (in_word_) {
      stages_.back().words.push_back(std::move(word_));
      word_.clear();
      in_word_ = false;
    }
  }

  std::string_view command_;
  const std::string& where_;
  size_t at_ = 0;
  std::vector<PipeStage> stages_;
  std::string word_;
  bool in_word_ = false;
};

} // namespace

std::vector<PipeStage> split_pipe(std::string_view command, const std::string& where) {
  return PipeSplitter(command, where).stages();
}

} // namespace tsir
