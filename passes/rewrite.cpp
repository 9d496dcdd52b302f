// Rewrites by patterns that the user gives, and decomposition of operators.
#include "lib/base/bytes.h"
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

namespace tsir {
namespace {

constexpr auto silu_pattern = R"(graph(%x):
  %gate = aten::sigmoid(%x)
  %y = aten::mul(%x, %gate)
  return (%y))";

constexpr auto silu = R"(graph(%x):
  %y = aten::silu(%x)
  return (%y))";

// The text of the option `name`, or of the file that the option `name`-file names.
std::string text_of(const PassOptions& options, const std::string& name) {
  const std::string& path = options.text(name + "-file");
  if (path.empty()) {
    if (options.text(name).empty()) {
      throw Error(ErrorKind::usage, fmt::format("the {} is empty: give a graph as text, \"graph(%x): …\"", name));
    }
    return options.text(name);
  }
  try {
    return std::string(Bytes::open(path)->text());
  } catch (const Error& error) {
    throw Error(ErrorKind::usage, fmt::format("{}-file: {}", name, error.what()));
  }
}

// Accepts more than tsir's own parser, because a pattern has no types to choose overloads of operators by.
std::unique_ptr<jit::Graph> parse(const std::string& text, const std::string& name) {
  auto graph = std::make_unique<jit::Graph>();
  try {
    jit::parseIR(text, graph.get());
  } catch (const std::exception& error) {
    throw Error(ErrorKind::usage, fmt::format("the {} is not a graph: {}", name, one_line(error)));
  }
  return graph;
}

// Checks what LibTorch's matcher assumes.
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
      refuse("the outputs of a node in it are not used");
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

// Matches that LibTorch would change the meaning of.
struct Skipped {
  size_t written = 0;
  size_t hoisted = 0;
};

// LibTorch inserts the replacement directly after the last node that produces an input of it.
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
  add(skipped.written, "because a value is written in place");
  add(skipped.hoisted, "because LibTorch would move it out of the block (hoist=true allows it)");
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
      throw Refused(fmt::format("the replacement has {}, which has no overload for these arguments",
                                node->kind().toQualString()));
    }
  };
  run_on_copy(unit, pass, "the replacement does not fit here: LibTorch's check of the graph fails");
  return note_on(skipped);
}

PassRow rewrite_pattern() {
  PassRow row;
  row.name = "rewrite-pattern";
  row.function = "torch::jit::SubgraphRewriter";
  row.header = "torch/csrc/jit/passes/subgraph_rewrite.h";
  row.options = {
      {"pattern", std::string(silu_pattern), "pattern to look for, a graph in .ir text", {}},
      {"replacement", std::string(silu), "replacement, a graph with the same inputs and outputs", {}},
      {"pattern-file", std::string(), "file to read the pattern from instead", {}},
      {"replacement-file", std::string(), "file to read the replacement from instead", {}},
      {"hoist",
       false,
       "also rewrite matches in a block whose inputs all come from outside; the replacement moves out of the block",
       {}}};
  row.wrong_options = wrong_rule;
  row.changes_numerics = true;
  row.order = "after inline, and after freeze-module if the pattern contains constants";
  row.looks_for = "nodes that match the pattern";
  row.summary = "Replaces every match of a pattern by another graph";
  row.description =
      "Runs LibTorch's pattern matcher with a pattern and a replacement of your own, both graphs in .ir text; types "
      "may be left out. Nodes match by operator, number of arguments, attributes that are integers, floats or strings "
      "(a string is a regular expression), and by how their values are connected. A match lies within one block, and "
      "the values inside it have no other uses. Constants of lists never match: make them inputs of the pattern. The "
      "pass does not check that both compute the same: verify with --compare. Matches in which a value is written in "
      "place are left alone, because LibTorch may move the replacement before the write. Matches in a block (for "
      "example of a prim::If) whose inputs all come from outside it are left alone unless hoist=true, because the "
      "replacement would always run. By default the pass replaces x * sigmoid(x) by aten::silu.";
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
  row.summary = "Replaces a few operators by simpler ones";
  row.description =
      "An operator for which LibTorch's table of decompositions has a TorchScript form becomes that form. The table is "
      "short; aten::var with a flag and no dimension is in it. Then peephole-optimize without shapes and "
      "constant-propagation run twice. LibTorch uses the table for forward-mode gradients.";
  row.example = R"(graph(%x : Tensor):
  %true : bool = prim::Constant[value=1]()
  %y : Tensor = aten::var(%x, %true)
  return (%y)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::RunDecompositions(graph); });
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_run_decompositions"});
  return row;
}

} // namespace

void register_rewrite(Registry& registry) {
  registry.add(rewrite_pattern());
  registry.add(run_decompositions());
}

} // namespace tsir
