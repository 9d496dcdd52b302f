#include "lib/archive/code_check.h"

#include "lib/base/error.h"
#include "lib/compat/libtorch.h"

namespace tsir {
namespace {

// LibTorch's parser and compiler recurse over nested code. These depths fit into a stack of 8 MiB several times over,
// and PyTorch never writes code that comes near them.
constexpr size_t deepest_brackets = 250;
constexpr size_t deepest_indentation = 250;
constexpr size_t longest_chain = 2000; // operators in one expression

bool is_name_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) || c == '_';
}
bool is_name(char c) {
  return is_name_start(c) || std::isdigit(static_cast<unsigned char>(c));
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

// Calls that PyTorch writes as defaults and constants besides literals. None of these runs an operator on data.
bool is_harmless_call(std::string_view name) {
  constexpr std::array<std::string_view, 6> names = {"annotate",      "torch.device",   "float",
                                                     "uninitialized", "unchecked_cast", "complex"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_operator_name(std::string_view name) {
  return name == "not" || name == "and" || name == "or" || name == "if" || name == "else" || name == "in" ||
         name == "is" || name == "lambda" || name == "for";
}

class Check {
public:
  Check(std::string_view code, const std::string& where, Defaults defaults)
      : code_(code), where_(where), defaults_(defaults) {}

  void run() {
    indentation();
    while (at_ < code_.size()) {
      token();
    }
  }

private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorKind::load, fmt::format("{}, line {}: {}", where_, line_, what));
  }

  char look(size_t ahead = 0) const { return at_ + ahead < code_.size() ? code_[at_ + ahead] : '\0'; }

  void token() {
    const char c = look();
    if (static_cast<unsigned char>(c) < ' ' && c != '\n' && !is_blank(c)) {
      refuse(fmt::format("the byte {} is not text: the code is damaged", static_cast<int>(c)));
    }
    if (c == '\n') {
      newline();
    } else if (is_blank(c) || c == ';') {
      ++at_;
    } else if (c == '#') {
      at_ = std::min(code_.find('\n', at_), code_.size());
    } else if (c == '\\' && look(1) == '\n') {
      at_ += 2;
      ++line_;
    } else if (c == '"' || c == '\'') {
      string();
    } else if (is_name_start(c)) {
      name();
    } else if (std::isdigit(static_cast<unsigned char>(c))) {
      number();
    } else {
      symbol();
    }
  }

  void newline() {
    ++at_;
    ++line_;
    if (chains_.size() == 1) {
      chains_[0] = 0;
      statement_.clear();
      indentation();
    }
  }

  // At the start of a statement: updates the nesting depth, and whether the statement is still inside a function's
  // body.
  void indentation() {
    size_t width = 0;
    while (is_blank(look())) {
      ++at_;
      ++width;
    }
    if (look() == '\n' || look() == '#' || at_ >= code_.size()) {
      return;
    }
    while (!indents_.empty() && indents_.back() > width) {
      indents_.pop_back();
    }
    if (indents_.empty() || indents_.back() < width) {
      indents_.push_back(width);
    }
    if (indents_.size() > deepest_indentation) {
      refuse(fmt::format("blocks nested more than {} deep", deepest_indentation));
    }
    while (!functions_.empty() && functions_.back() >= width) {
      functions_.pop_back();
    }
    part_ = functions_.empty() ? Part::outside : Part::body;
    indent_ = width;
    path_.clear();
  }

  void string() {
    const char quote = look();
    const bool triple = look(1) == quote && look(2) == quote;
    at_ += triple ? 3 : 1;
    for (; at_ < code_.size(); ++at_) {
      if (look() == '\\') {
        ++at_;
        line_ += look() == '\n';
      } else if (look() == '\n' && !triple) {
        break;
      } else if (look() == quote && (!triple || (look(1) == quote && look(2) == quote))) {
        at_ += triple ? 3 : 1;
        path_.clear();
        return;
      } else {
        line_ += look() == '\n';
      }
    }
    refuse("unterminated string");
  }

  void number() {
    while (is_name(look()) || look() == '.') {
      ++at_;
    }
    path_.clear();
  }

  void name() {
    const size_t start = at_;
    while (is_name(look())) {
      ++at_;
    }
    const std::string_view word = code_.substr(start, at_ - start);
    const bool first = statement_.empty();
    if (first) {
      statement_ = word;
      if (word == "def") {
        functions_.push_back(indent_);
        part_ = Part::header;
      }
    }
    if (is_operator_name(word)) {
      extend_chain();
      forbid_computing_with(word);
      path_.clear();
    } else if (!path_.empty() && path_.back() == '.') {
      path_ += word;
    } else {
      path_ = word;
    }
  }

  void symbol() {
    const char c = look();
    ++at_;
    switch (c) {
    case '(':
      forbid_call();
      [[fallthrough]];
    case '[':
    case '{':
      open();
      break;
    case ')':
    case ']':
    case '}':
      close();
      return;
    case ',':
      chains_.back() = 0;
      break;
    case ':':
      if (part_ == Part::header && chains_.size() == 1) {
        part_ = Part::body;
      }
      break;
    case '.':
      extend_chain();
      path_ += path_.empty() ? "" : ".";
      return;
    default:
      forbid_computing(c);
      extend_chain();
      break;
    }
    path_.clear();
  }

  void open() {
    extend_chain();
    chains_.push_back(0);
    if (chains_.size() > deepest_brackets) {
      refuse(fmt::format("brackets nested more than {} deep", deepest_brackets));
    }
  }
  void close() {
    if (chains_.size() > 1) {
      chains_.pop_back();
    }
    path_ = "(…)"; // a call of a call's result
  }
  void extend_chain() {
    if (++chains_.back() > longest_chain) {
      refuse(fmt::format("an expression of more than {} operators, too deep to compile", longest_chain));
    }
  }

  // Whether any code is allowed at this place. Bodies of functions do not run during loading.
  bool is_free() const { return part_ == Part::body || defaults_ == Defaults::any; }
  void forbid_call() const {
    const bool definition = statement_ == "class" || (part_ == Part::header && chains_.size() == 1);
    if (is_free() || definition || path_.empty() || is_harmless_call(path_)) {
      return;
    }
    refuse(fmt::format(
        "{} is called outside any function's body, where inspecting the file would run it (or the code is damaged)",
        one_line(path_, 60)));
  }
  // Signs of numbers are allowed, and so is the arrow before a return type.
  void forbid_computing(char symbol) const {
    constexpr std::string_view computing = "*/%@|&^~<>";
    const auto found = computing.find(symbol);
    const bool arrow = symbol == '>' && at_ >= 2 && code_[at_ - 2] == '-';
    if (found != std::string_view::npos && !arrow) {
      forbid_computing_with(computing.substr(found, 1));
    }
  }
  void forbid_computing_with(std::string_view what) const {
    if (!is_free()) {
      refuse(fmt::format(
          "'{}' is outside any function's body, where inspecting the file would run it (or the code is damaged)",
          what));
    }
  }

  enum class Part { outside, header, body }; // position relative to a function
  std::string_view code_;
  const std::string& where_;
  Defaults defaults_;
  size_t at_ = 0;
  size_t line_ = 1;
  size_t indent_ = 0;
  Part part_ = Part::outside;
  std::string statement_;            // its first word
  std::string path_;                 // the dotted name just read, which a following '(' would call
  std::vector<size_t> indents_;      // of the open blocks
  std::vector<size_t> functions_;    // indentation of the open functions
  std::vector<size_t> chains_ = {0}; // number of operators read at each level of brackets
};

} // namespace

void check_code(std::string_view code, const std::string& where, Defaults defaults) {
  Check(code, where, defaults).run();
}

} // namespace tsir
