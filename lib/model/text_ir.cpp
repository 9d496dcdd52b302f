#include "lib/model/text_ir.h"

#include "lib/core/error.h"
#include "lib/ir/walk.h"

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
    fail(path, number, "class types cannot be read from text yet: give the .pt itself, with --passes");
  }
}

// LibTorch's parser and printer recurse into types: deep nesting ends in a crash, not in an error.
void refuse_what_would_overflow(const std::string& line, const std::string& path, size_t number) {
  constexpr size_t max_depth = 1000;
  size_t depth = 0;
  size_t lists = 0; // int[][][]… nests without a bracket that stays open
  for (size_t i = 0; i < line.size(); ++i) {
    depth += line[i] == '(' || line[i] == '[' ? 1 : 0;
    depth -= (line[i] == ')' || line[i] == ']') && depth > 0 ? 1 : 0;
    lists = line.compare(i, 2, "[]") == 0 ? lists + 1 : lists;
    if (depth > max_depth || lists > 10 * max_depth) {
      fail(path, number, "nested too deeply: more than 1,000 levels");
    }
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
    if (line.starts_with("# -----")) {
      fail(path, number, "several graphs in one file cannot be read yet: give each a file of its own");
    }
    line = without_comment(line);
    refuse_what_would_overflow(line, path, number);
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
  return at == std::string::npos
             ? 1
             : 1 + static_cast<size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

size_t line_of_operator(const std::string& text, const std::string& name) {
  const size_t at = text.find(name + "(") != std::string::npos ? text.find(name + "(") : text.find(name + "[");
  return at == std::string::npos
             ? 1
             : 1 + static_cast<size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

// The parser accepts any name and any number of arguments; passes and the interpreter then fail far from the cause.
void check_nodes(const jit::Graph& graph, const std::string& text, const std::string& path) {
  walk(*const_cast<jit::Graph&>(graph).block(), [&](const jit::Node& node) {
    const std::string name = node.kind().toQualString();
    const auto refuse = [&](const std::string& why) { fail(path, line_of_operator(text, name), name + why); };
    const size_t blocks = node.kind() == c10::prim::If ? 2 : node.kind() == c10::prim::Loop ? 1 : node.blocks().size();
    if (node.blocks().size() != blocks) {
      refuse(fmt::format(" needs {} block{}, and has {}", blocks, blocks == 1 ? "" : "s", node.blocks().size()));
    }
    if (node.kind().is_prim() || node.maybeOperator() != nullptr) {
      return;
    }
    refuse(jit::getAllOperatorsFor(node.kind()).empty()
               ? ": this LibTorch has no such operator; give the library that has it with --load-library lib.so"
               : ": no form of this operator takes these arguments");
  });
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
  check_nodes(*graph, text, path);
  return graph;
}

} // namespace tsir
