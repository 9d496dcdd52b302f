// Patterns given by the user, and operators written as others.
#include "lib/base/error.h"
#include "lib/pass/refused.h"
#include "passes/all.h"
#include "passes/graph_pass.h"
#include "passes/writes.h"

#include <torch/csrc/jit/ir/alias_analysis.h>
#include <torch/csrc/jit/ir/irparser.h>
#include <torch/csrc/jit/ir/subgraph_matcher.h>
#include <torch/csrc/jit/passes/subgraph_rewrite.h>
#include <torch/csrc/jit/runtime/decomposition_registry.h>

#include <fstream>

namespace tsir {
namespace {

constexpr auto silu_pattern = R"(graph(%x):
  %gate = aten::sigmoid(%x)
  %y = aten::mul(%x, %gate)
  return (%y))";

constexpr auto silu = R"(graph(%x):
  %y = aten::silu(%x)
  return (%y))";

// The text of `pattern`, or of the file that `pattern-file` names.
std::string text_of(const PassOptions& options, const std::string& name) {
  const std::string& path = options.text(name + "-file");
  if (path.empty()) {
    if (options.text(name).empty()) {
      throw Error(ErrorKind::usage, fmt::format("the {} is empty: it is a graph as text, \"graph(%x): …\"", name));
    }
    return options.text(name);
  }
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || text.str().empty()) {
    throw Error(ErrorKind::usage, fmt::format("cannot read {}-file '{}'", name, path));
  }
  return text.str();
}

// Laxer than tsir's own parser of text: a pattern has no types to choose forms of operators by.
std::unique_ptr<jit::Graph> parse(const std::string& text, const std::string& name) {
  auto graph = std::make_unique<jit::Graph>();
  try {
    jit::parseIR(text, graph.get());
  } catch (const std::exception& error) {
    throw Error(ErrorKind::usage, fmt::format("the {} is not a graph: {}", name, one_line(error)));
  }
  return graph;
}

// What LibTorch's matcher takes for granted.
void check_pattern(const jit::Graph& pattern) {
  const auto refuse = [](const char* why) {
    throw Error(ErrorKind::usage, fmt::format("this pattern cannot be matched: {}", why));
  };
  if (pattern.inputs().empty() || pattern.outputs().empty()) {
    refuse("it needs an input and an output");
  }
  for (const jit::Value* input : pattern.inputs()) {
    if (input->uses().empty()) {
      refuse("an input is not used");
    }
  }
  for (const jit::Value* output : pattern.outputs()) {
    if (output->node()->kind() == c10::prim::Param) {
      refuse("an output is one of the inputs");
    }
  }
  for (const jit::Node* node : pattern.nodes()) {
    if (!node->blocks().empty()) {
      refuse("nodes with blocks (prim::If, prim::Loop) do not match");
    }
    if (std::ranges::all_of(node->outputs(), [](const jit::Value* value) { return value->uses().empty(); })) {
      refuse("a node in it leads to no output");
    }
  }
}

void check_replacement(const jit::Graph& replacement, const jit::Graph& pattern) {
  if (replacement.inputs().size() != pattern.inputs().size() ||
      replacement.outputs().size() != pattern.outputs().size()) {
    throw Error(ErrorKind::usage, "pattern and replacement must have the same number of inputs, and of outputs");
  }
}

struct Rule {
  std::string pattern;
  std::string replacement;
};

// What the options say. Throws Error(usage) where LibTorch's matcher could not work with it.
Rule rule_of(const PassOptions& options) {
  Rule rule{text_of(options, "pattern"), text_of(options, "replacement")};
  const auto pattern = parse(rule.pattern, "pattern");
  check_pattern(*pattern);
  check_replacement(*parse(rule.replacement, "replacement"), *pattern);
  return rule;
}

std::string wrong_rule(const PassOptions& options) {
  try {
    rule_of(options);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

// Matches that LibTorch would rewrite into something else than they are.
struct Skipped {
  size_t written = 0;
  size_t hoisted = 0;
};

// LibTorch puts the replacement right after the last node that an input of it comes from.
bool leaves_block(const jit::Match& match) {
  const jit::Graph& pattern = *match.values_map.begin()->first->owningGraph();
  const jit::Node* last = nullptr;
  for (const jit::Value* input : pattern.inputs()) {
    const jit::Node* node = match.values_map.at(input)->node();
    last = last == nullptr || last->isBefore(node) ? node : last;
  }
  return last->owningBlock() != match.anchor->owningBlock();
}

jit::MatchFilter only_safe(const std::shared_ptr<jit::AliasDb>& aliases, bool hoist, Skipped& skipped) {
  return [aliases, hoist, &skipped](const jit::Match& match, const std::unordered_map<std::string, jit::Value*>&) {
    if (std::ranges::any_of(match.values_map, [&](const auto& values) { return aliases->hasWriters(values.second); })) {
      ++skipped.written; // the nodes may come after a write, and the replacement before it
      return false;
    }
    if (!hoist && leaves_block(match)) {
      ++skipped.hoisted;
      return false;
    }
    return true;
  };
}

std::string note_on(const Skipped& skipped) {
  std::string note;
  const auto add = [&](size_t count, const char* why) {
    if (count > 0) {
      note += fmt::format("{}left {} match{} alone, {}", note.empty() ? "" : "; ", count, count == 1 ? "" : "es", why);
    }
  };
  add(skipped.written, "where a value is written in place");
  add(skipped.hoisted, "which LibTorch would move out of the block (hoist=true lets it)");
  return note;
}

bool is_unknown(const jit::Node& node) {
  return !node.kind().is_prim() && node.maybeOperator() == nullptr;
}

std::string rewrite(Unit& unit, const PassOptions& options) {
  const Rule rule = rule_of(options);
  Skipped skipped;
  const auto pass = [&](GraphPtr& graph) {
    jit::SubgraphRewriter rewriter;
    rewriter.RegisterRewritePattern(rule.pattern, rule.replacement);
    rewriter.runOnGraph(graph, only_safe(std::make_shared<jit::AliasDb>(graph), options.flag("hoist"), skipped));
    if (const jit::Node* node = find_node(*graph, is_unknown)) {
      throw Refused(
          fmt::format("the replacement gives {}, of which no form takes these arguments", node->kind().toQualString()));
    }
  };
  run_on_copy(unit, pass, "the replacement does not fit in here: LibTorch's check of the graph fails");
  return note_on(skipped);
}

PassRow rewrite_pattern() {
  PassRow row;
  row.name = "rewrite-pattern";
  row.function = "torch::jit::SubgraphRewriter";
  row.header = "torch/csrc/jit/passes/subgraph_rewrite.h";
  row.options = {
      {"pattern", std::string(silu_pattern), "what to look for, as a graph in .ir text", {}},
      {"replacement", std::string(silu), "what takes its place: a graph of the same inputs and outputs", {}},
      {"pattern-file", std::string(), "a file with the pattern, instead", {}},
      {"replacement-file", std::string(), "a file with the replacement, instead", {}},
      {"hoist", false, "also matches in a block whose inputs all come from outside: they move out of it", {}}};
  row.wrong_options = wrong_rule;
  row.changes_numerics = true;
  row.order = "after inline, and freeze-module where the pattern holds constants";
  row.looks_for = "nodes that match the pattern";
  row.summary = "Replaces every match of a pattern by another graph";
  row.description =
      "LibTorch's pattern matcher with a pattern and a replacement of your own, both graphs in .ir text; types may be "
      "left out. Nodes match by operator, number of arguments, attributes that are integers, floats or strings (a "
      "string is a regular expression), and by how their values are joined; a match lies within one block, and values "
      "inside it are used nowhere else. Constants of lists never match: leave them as inputs of the pattern. Whether "
      "both compute the same is for you to know: verify with --compare. Left alone: matches in which a value is "
      "written "
      "in place, since LibTorch may move the replacement before the write, and, unless hoist is true, matches in a "
      "block "
      "(of a prim::If, say) whose inputs all come from outside it, since the replacement would run always. By default "
      "it finds x * sigmoid(x) and "
      "writes aten::silu.";
  row.example = R"(graph(%x : Tensor):
  %1 : Tensor = aten::neg(%x)
  %2 : Tensor = aten::sigmoid(%1)
  %3 : Tensor = aten::mul(%1, %2)
  return (%3)
)";
  row.run = [](Unit& unit, const PassContext& context) { return rewrite(unit, context.options); };
  return row;
}

PassRow run_decompositions() {
  PassRow row;
  row.name = "run-decompositions";
  row.function = "torch::jit::RunDecompositions";
  row.header = "torch/csrc/jit/runtime/decomposition_registry.h";
  row.changes_numerics = true;
  row.runs_operators = true;
  row.order = "after inline";
  row.looks_for = "operators that LibTorch has a decomposition for, such as aten::var";
  row.summary = "Writes a few operators as simpler ones";
  row.description =
      "An operator of which LibTorch's table of decompositions holds a TorchScript form (aten::var with a flag and no "
      "dimension is one; the table is short) becomes that form; then peephole-optimize without shapes and "
      "constant-propagation run twice. LibTorch uses the table for forward-mode gradients.";
  row.example = R"(graph(%x : Tensor):
  %true : bool = prim::Constant[value=1]()
  %y : Tensor = aten::var(%x, %true)
  return (%y)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::RunDecompositions(graph); });
  return row;
}

} // namespace

void register_rewrite(Registry& registry) {
  registry.add(rewrite_pattern());
  registry.add(run_decompositions());
}

} // namespace tsir
