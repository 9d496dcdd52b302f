// The text of a pipeline: `a,b{k=v k2=v2},preset`. Columns in messages count from 1.
#include "lib/base/error.h"
#include "lib/pass/pipeline.h"

namespace tsir {
namespace {

constexpr int max_preset_depth = 16; // stops a preset that contains itself

class Parser {
public:
  // `called`: how errors name the text.
  Parser(std::string_view text, const Registry& registry, std::string called)
      : text_(text), registry_(registry), called_(std::move(called)) {}

  std::vector<PassUse> parse(int depth) {
    std::vector<PassUse> uses;
    skip_space();
    while (true) {
      parse_use(uses, depth);
      skip_space();
      if (at_ == text_.size()) {
        return uses;
      }
      expect(',');
      skip_space();
    }
  }

private:
  [[noreturn]] void fail(size_t column, const std::string& what) const {
    throw Error(ErrorKind::usage, fmt::format("{} '{}', column {}: {}", called_, text_, column + 1, what));
  }

  static bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
  }

  void skip_space() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
      ++at_;
    }
  }

  void expect(char c) {
    if (at_ == text_.size() || text_[at_] != c) {
      fail(at_, at_ == text_.size() ? fmt::format("'{}' is missing at the end", c)
                                    : fmt::format("expected '{}', not '{}'", c, text_[at_]));
    }
    ++at_;
  }

  std::string_view word(const char* what) {
    const size_t start = at_;
    while (at_ < text_.size() && is_word(text_[at_])) {
      ++at_;
    }
    if (at_ == start) {
      fail(start, fmt::format("{} is missing", what));
    }
    return text_.substr(start, at_ - start);
  }

  // A value ends at a space or the closing brace; double quotes may hold both.
  std::string value() {
    if (at_ < text_.size() && text_[at_] == '"') {
      const auto end = text_.find('"', at_ + 1);
      if (end == std::string_view::npos) {
        fail(at_, "the closing '\"' is missing");
      }
      const auto inside = text_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
      return std::string(inside);
    }
    const size_t start = at_;
    while (at_ < text_.size() && text_[at_] != '}' && std::isspace(static_cast<unsigned char>(text_[at_])) == 0) {
      ++at_;
    }
    return std::string(text_.substr(start, at_ - start));
  }

  void parse_use(std::vector<PassUse>& uses, int depth) {
    const size_t start = at_;
    const std::string_view name = word("the name of a pass");
    if (const PassRow* row = registry_.find(name)) {
      PassUse use{row, PassOptions(row->options)};
      parse_options(use);
      check_options(use, start);
      uses.push_back(std::move(use));
      return;
    }
    const Preset* preset = registry_.find_preset(name);
    if (preset == nullptr) {
      const std::string near = registry_.nearest(name);
      fail(start, fmt::format("there is no pass '{}'{}; `tsir passes` lists them", name,
                              near.empty() ? "" : fmt::format(": did you mean '{}'?", near)));
    }
    if (depth >= max_preset_depth) {
      fail(start, fmt::format("preset '{}' contains itself", name));
    }
    for (PassUse& use : Parser(preset->pipeline, registry_, "preset " + preset->name).parse(depth + 1)) {
      uses.push_back(std::move(use));
    }
  }

  void parse_options(PassUse& use) {
    if (at_ == text_.size() || text_[at_] != '{') {
      return;
    }
    ++at_;
    for (skip_space(); at_ == text_.size() || text_[at_] != '}'; skip_space()) {
      const std::string_view name = word("an option or '}'");
      expect('=');
      use.options.set(use.row->name, name, value());
    }
    ++at_;
  }

  void check_options(const PassUse& use, size_t start) const {
    const std::string wrong = use.row->wrong_options ? use.row->wrong_options(use.options) : "";
    if (!wrong.empty()) {
      fail(start, fmt::format("pass {}: {}", use.row->name, wrong));
    }
  }

  std::string_view text_;
  const Registry& registry_;
  std::string called_;
  size_t at_ = 0;
};

} // namespace

Pipeline Pipeline::parse(std::string_view text, const Registry& registry, Setting from) {
  return parse(text, registry, spelled(from));
}

Pipeline Pipeline::parse(std::string_view text, const Registry& registry, const std::string& called) {
  if (text.find_first_not_of(" \t\n") == std::string_view::npos) {
    return {};
  }
  return Pipeline(Parser(text, registry, called).parse(0));
}

} // namespace tsir
