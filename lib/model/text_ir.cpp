#include "lib/model/text_ir.h"

#include "lib/core/error.h"

#include <torch/csrc/jit/ir/irparser.h>


namespace tsir {
namespace {

[[noreturn]] void fail(const std::string& path, size_t line, const std::string& what) {
  throw Error(ErrorKind::load, fmt::format("{}:{}: {}", path, line, what));
}

// What LibTorch's parser would misread without a word, or refuse with a message that misleads.
void refuse_what_would_be_lost(const std::string& line, const std::string& path, size_t number) {
  const auto has = [&](std::string_view text) { return line.find(text) != std::string::npos; };
  if (has("<Tensor>")) {
    fail(path, number, "<Tensor> stands for a constant whose values were left out; run the pass on the .pt itself");
  }
  if (line.starts_with("with ") && has(" = graph(")) {
    fail(path, number, "subgraphs (fusion groups, functions) cannot be read from text yet; run the passes on the .pt");
  }
  if (has(": __torch__.")) {
    fail(path, number, "class types cannot be read from text: their methods live in the .pt; freeze the module there first");
  }
}

std::string without_comment(const std::string& line) {
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && (i == 0 || line[i - 1] != '\\')) {
      quoted = !quoted;
    } else if (line[i] == '#' && !quoted) {
      return line.substr(0, i);
    }
  }
  return line;
}

void check_lines(const std::string& text, const std::string& path) {
  std::istringstream lines(text);
  std::string line;
  bool any = false;
  for (size_t number = 1; std::getline(lines, line); ++number) {
    line = without_comment(line);
    any = any || line.find_first_not_of(" \t\r") != std::string::npos;
    refuse_what_would_be_lost(line, path, number);
  }
  if (!any) {
    throw Error(ErrorKind::load, fmt::format("{}: no graph in it: a text file of IR begins with graph(…):", path));
  }
}

// The parser's report ends in an excerpt: the offending line, then a row of '~' and "<--- HERE" under it. The excerpt's
// first line is somewhere above the fault, so the line is looked up in the text itself.
size_t line_of_fault(const std::string& text, const std::string& report) {
  std::istringstream lines(report);
  std::string line;
  std::string previous;
  while (std::getline(lines, line)) {
    if (line.find("<--- HERE") != std::string::npos) {
      break;
    }
    previous = line;
  }
  const size_t at = previous.empty() ? std::string::npos : text.find(previous);
  return at == std::string::npos ? 1 : 1 + static_cast<size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

} // namespace

GraphPtr parse_ir(const std::string& text, const std::string& path) {
  check_lines(text, path);
  auto graph = std::make_shared<jit::Graph>();
  try {
    jit::parseIR(text, graph.get());
    graph->lint();
  } catch (const c10::Error& error) {
    fail(path, line_of_fault(text, error.what_without_backtrace()), one_line(error));
  } catch (const std::exception& error) {
    fail(path, line_of_fault(text, error.what()), one_line(error));
  }
  return graph;
}

} // namespace tsir
