#include "lib/ir/print.h"

#include "lib/ir/walk.h"

#include <torch/csrc/jit/passes/canonicalize.h>

namespace tsir {
namespace {

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

// Where ` # file.py:12:8` begins in a line, or its end. A node's text ends in `)`, so a string constant cannot look so.
size_t location_start(std::string_view line) {
  const auto column = line.rfind(':');
  const auto row = column == std::string_view::npos || column == 0 ? column : line.rfind(':', column - 1);
  if (row == std::string_view::npos || !is_digits(line.substr(column + 1)) ||
      !is_digits(line.substr(row + 1, column - row - 1))) {
    return line.size();
  }
  return std::min(line.rfind(" # ", row), line.size());
}

// LibTorch prints the locations of subgraphs' nodes whatever it is told.
std::string without_locations(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    result += line.substr(0, location_start(line));
    result += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

// LibTorch prints the numbers of small constants, and throws on those in MKLDNN layout ("does not support view"): for
// its lifetime, dense tensors stand in for them.
class PrintableConstants {
public:
  explicit PrintableConstants(const jit::Graph& graph) {
    walk(
        *graph.block(),
        [&](const jit::Node& node) {
          if (node.hasAttribute(c10::attr::value) && node.kindOf(c10::attr::value) == jit::AttributeKind::t &&
              node.t(c10::attr::value).is_mkldnn()) {
            replaced_.emplace_back(const_cast<jit::Node*>(&node), node.t(c10::attr::value));
          }
        },
        /*subgraphs=*/true);
    for (const auto& [node, tensor] : replaced_) {
      node->t_(c10::attr::value, tensor.to_dense());
    }
  }
  ~PrintableConstants() {
    for (const auto& [node, tensor] : replaced_) {
      node->t_(c10::attr::value, tensor);
    }
  }
  PrintableConstants(const PrintableConstants&) = delete;
  PrintableConstants& operator=(const PrintableConstants&) = delete;

private:
  std::vector<std::pair<jit::Node*, at::Tensor>> replaced_;
};

std::string printed(const jit::Graph& graph, bool locations) {
  const PrintableConstants printable(graph);
  return locations ? graph.toString(true) : without_locations(graph.toString(false));
}

} // namespace

std::string to_text(const jit::Graph& graph, const PrintSettings& settings) {
  if (settings.keep_numbers) {
    return printed(graph, settings.locations);
  }
  // Canonicalize makes a renumbered copy; the graph itself stays as it is. (shared_from_this lacks the const, no more.)
  const auto copy = jit::Canonicalize(const_cast<jit::Graph&>(graph).shared_from_this(), /*keep_unique_names=*/true);
  return to_text(*copy, {.locations = settings.locations, .keep_numbers = true});
}

} // namespace tsir
