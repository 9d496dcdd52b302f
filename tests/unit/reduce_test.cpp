#include "lib/base/error.h"
#include "lib/input/value.h"
#include "lib/ir/text/print.h"
#include "lib/ir/walk.h"
#include "lib/model/text_ir.h"
#include "lib/reduce/condition.h"
#include "lib/reduce/reducer.h"
#include "lib/reduce/start.h"
#include "lib/verify/ir_reproducer.h"
#include "tests/unit/parsed_graph.h"

#include <gtest/gtest.h>

#include <fstream>

namespace tsir {
namespace {

bool has(const jit::Graph& graph, const std::string& kind) {
  return find_node(graph, [&](const jit::Node& node) { return node.kind().toQualString() == kind; }) != nullptr;
}

// Reduces `text` while `wanted` holds; every candidate must be a valid graph.
Candidate reduced(const std::string& text, const std::function<bool(const Candidate&)>& wanted,
                  std::optional<InputTexts> inputs = std::nullopt) {
  Candidate start{.graph = parse_ir(text, "a.ir"), .inputs = std::move(inputs), .pipeline = {}, .seen = {}};
  ReducerHooks hooks;
  hooks.interesting = [&](const Candidate& candidate) {
    candidate.graph->lint();
    EXPECT_TRUE(!candidate.inputs || candidate.inputs->size() == candidate.graph->inputs().size());
    return wanted(candidate);
  };
  hooks.observe = [](Candidate&) {};
  hooks.stop = [] { return false; };
  Reducer reducer(std::move(start), std::move(hooks));
  EXPECT_EQ(reducer.run(all_reductions()), ReduceEnd::smallest);
  return reducer.best().copy();
}

std::string chain(size_t length) {
  std::string text = "graph(%x : Tensor, %y : Tensor):\n  %one : int = prim::Constant[value=1]()\n  %v0 : Tensor = "
                     "aten::relu(%x)\n";
  for (size_t i = 1; i < length; ++i) {
    text += fmt::format("  %v{} : Tensor = {}\n", i,
                        i == length / 3 ? fmt::format("aten::tanh(%v{})", i - 1)
                        : i % 2 == 0    ? fmt::format("aten::add(%v{}, %y, %one)", i - 1)
                                        : fmt::format("aten::sigmoid(%v{})", i - 1));
  }
  return text + fmt::format("  return (%v{})\n", length - 1);
}

// The trials of a reduction in their order, and what is left.
std::vector<std::string> reduction_of(const std::string& text, size_t at_once) {
  std::vector<std::string> seen;
  ReducerHooks hooks;
  hooks.at_once = at_once;
  hooks.first_interesting = [&](const std::vector<Candidate>& candidates) -> std::optional<size_t> {
    EXPECT_LE(candidates.size(), at_once);
    for (size_t i = 0; i < candidates.size(); ++i) {
      seen.push_back(to_text(*candidates[i].graph));
      if (has(*candidates[i].graph, "aten::tanh")) {
        return i;
      }
    }
    return std::nullopt;
  };
  hooks.observe = [](Candidate&) {};
  hooks.stop = [] { return false; };
  Candidate start{.graph = parse_ir(text, "a.ir"), .inputs = std::nullopt, .pipeline = {}, .seen = {}};
  Reducer reducer(std::move(start), std::move(hooks));
  reducer.run(all_reductions());
  EXPECT_EQ(reducer.trials(), seen.size());
  seen.push_back(to_text(*reducer.best().graph));
  return seen;
}

TEST(Reduce, TriesTheSameHoweverManyAtOnce) {
  const auto alone = reduction_of(chain(40), 1);
  EXPECT_GT(alone.size(), 5U);
  for (const size_t at_once : {size_t{2}, size_t{3}, size_t{7}}) {
    EXPECT_EQ(reduction_of(chain(40), at_once), alone) << at_once;
  }
}

TEST(Reduce, AThousandNodesBecomeTheOneThatMatters) {
  size_t trials = 0;
  const Candidate small = reduced(chain(1000), [&](const Candidate& candidate) {
    ++trials;
    return has(*candidate.graph, "aten::tanh");
  });
  EXPECT_EQ(count_nodes(*small.graph), 1U);
  EXPECT_LT(trials, 200U);
}

TEST(Reduce, KeepsWhatTheFailureNeedsTogether) {
  const auto tanh_of_add = [](const Candidate& candidate) {
    return find_node(*candidate.graph, [](const jit::Node& node) {
             return node.kind() == c10::aten::sigmoid && node.input()->node()->kind() == c10::aten::add;
           }) != nullptr;
  };
  const Candidate small = reduced(chain(200), tanh_of_add);
  EXPECT_EQ(count_nodes(*small.graph), 3U); // the two, and a constant
}

constexpr const char* nested = R"(
graph(%x : Tensor, %n : int, %c : bool):
  %one : int = prim::Constant[value=1]()
  %true : bool = prim::Constant[value=1]()
  %last : Tensor, %other : Tensor = prim::Loop(%n, %true, %x, %x)
    block0(%i : int, %carried : Tensor, %second : Tensor):
      %chosen : Tensor = prim::If(%c)
        block0():
          %inner : Tensor = aten::tanh(%carried)
          -> (%inner)
        block1():
          %otherwise : Tensor = aten::relu(%second)
          -> (%otherwise)
      %sum : Tensor = aten::add(%chosen, %carried, %one)
      -> (%true, %sum, %chosen)
  %all : Tensor[] = prim::ListConstruct(%last, %other, %x)
  %pair : (Tensor, Tensor[]) = prim::TupleConstruct(%last, %all)
  return (%pair)
)";

TEST(Reduce, BlocksAreTakenApart) {
  for (const char* kind : {"aten::tanh", "aten::relu"}) {
    const Candidate small = reduced(nested, [&](const Candidate& candidate) { return has(*candidate.graph, kind); });
    EXPECT_EQ(count_nodes(*small.graph), 1U) << kind;
  }
}

constexpr const char* forks = R"(graph(%x : Tensor):
  %1 : Future[Tensor] = prim::fork_0(%x)
  %2 : Future[Tensor] = prim::fork_1(%x)
  %3 : Tensor = aten::wait(%1)
  %4 : Tensor = aten::wait(%2)
  %5 : Future[Tensor][] = prim::ListConstruct(%2)
  %6 : Tensor = aten::mul(%3, %4)
  return (%6, %5)
with prim::fork_0 = graph(%x : Tensor):
  %1 : Tensor = aten::relu(%x)
  %2 : Tensor = aten::tanh(%1)
  return (%2)
with prim::fork_1 = graph(%x : Tensor):
  %1 : Tensor = aten::neg(%x)
  return (%1)
)";

TEST(Reduce, BodiesOfForksAreTakenOut) {
  const auto anywhere = [](const Candidate& candidate, const char* kind) {
    return find_node(
               *candidate.graph, [&](const jit::Node& node) { return kind == std::string(node.kind().toQualString()); },
               /*subgraphs=*/true) != nullptr;
  };
  const Candidate small = reduced(forks, [&](const Candidate& candidate) { return anywhere(candidate, "aten::tanh"); });
  EXPECT_EQ(count_nodes(*small.graph, true), 1U) << to_text(*small.graph);
  const Candidate fork = reduced(forks, [&](const Candidate& candidate) {
    return anywhere(candidate, "aten::neg") && has(*candidate.graph, "prim::fork");
  });
  EXPECT_EQ(count_nodes(*fork.graph, true), 2U) << "a fork that is needed stays" << to_text(*fork.graph);
}

TEST(Reduce, ALoopStaysWhereItMatters) {
  const Candidate small =
      reduced(nested, [](const Candidate& candidate) { return has(*candidate.graph, "prim::Loop"); });
  EXPECT_TRUE(has(*small.graph, "prim::Loop"));
  EXPECT_FALSE(has(*small.graph, "prim::If"));
  EXPECT_LE(count_nodes(*small.graph), 3U);
}

TEST(Reduce, NothingMoreIsFoundOnItsOwnResult) {
  const auto wanted = [](const Candidate& candidate) { return has(*candidate.graph, "prim::ListConstruct"); };
  const Candidate once = reduced(nested, wanted);
  const Candidate twice = reduced(once.graph->toString(), wanted);
  EXPECT_EQ(count_nodes(*once.graph), count_nodes(*twice.graph));
}

TEST(Reduce, InputsAndTheirTextsGoTogether) {
  const Candidate small = reduced(
      "graph(%x : Tensor, %k : int, %y : Tensor):\n  %z : Tensor = aten::matmul(%x, %y)\n  return (%z)",
      [](const Candidate& candidate) { return candidate.inputs && has(*candidate.graph, "aten::matmul"); },
      InputTexts{"float32[4,8]", "3", "float32[8,16]"});
  EXPECT_EQ(small.inputs, (InputTexts{"float32[1,1]"}));
}

TEST(Reduce, StopsWhenToldTo) {
  size_t trials = 0;
  ReducerHooks hooks;
  hooks.interesting = [&](const Candidate&) {
    ++trials;
    return true;
  };
  hooks.observe = [](Candidate&) {};
  hooks.stop = [&] { return trials >= 3; };
  Reducer reducer({.graph = parsed(chain(50)), .inputs = {}, .pipeline = {}, .seen = {}}, std::move(hooks));
  EXPECT_EQ(reducer.run(all_reductions()), ReduceEnd::stopped);
  EXPECT_EQ(trials, 3U);
}

TEST(Reduce, AnOperatorThatIsNotThereIsNotSound) {
  const GraphPtr good = parsed("graph(%x : Tensor):\n  %y : Tensor = aten::relu(%x)\n  return (%y)");
  const GraphPtr bad = parsed("graph(%x : Tensor):\n  %y : Tensor = aten::nosuch(%x)\n  return (%y)");
  EXPECT_TRUE(is_sound(*good, *good));
  EXPECT_FALSE(is_sound(*bad, *good));
  EXPECT_TRUE(is_sound(*bad, *bad)); // the original graph has it too
}

TEST(Reduce, ValuesAsInputsCanBeReadBack) {
  const c10::IValue values[] = {c10::IValue(at::zeros({2, 3})),
                                c10::IValue(at::arange(4)),
                                c10::IValue(at::full({3, 3}, 7, at::kLong)),
                                c10::IValue(2.0),
                                c10::IValue(int64_t{-3}),
                                c10::IValue(true),
                                c10::IValue(std::string("a\"b\n")),
                                c10::IValue(c10::List<int64_t>({1, 2})),
                                c10::IValue(),
                                c10::ivalue::Tuple::create({c10::IValue(int64_t{1})})};
  const char* texts[] = {"float32[2,3]",
                         "int64[4]=[0,1,2,3]",
                         "int64[3,3]=full(7)",
                         "2.0",
                         "-3",
                         "true",
                         "\"a\\\"b\\n\"",
                         "[1, 2]",
                         "None",
                         "(1,)"};
  for (size_t i = 0; i < std::size(values); ++i) {
    const auto text = input_text_of(values[i]);
    ASSERT_TRUE(text) << i;
    EXPECT_EQ(*text, texts[i]);
    EXPECT_NO_THROW(parse_input_value(*text)) << *text;
  }
  EXPECT_FALSE(input_text_of(c10::IValue(at::zeros({2}).to_sparse())));
}

PassVerdict verdict(Verdict kind, const std::string& what) {
  PassVerdict made;
  made.name = "cse";
  made.verdict = kind;
  made.what = what;
  return made;
}

TEST(Reduce, AFailureIsTheSameButForNumbersAndNames) {
  EXPECT_EQ(failure_signature(verdict(Verdict::failed, "size 4 of %x.1 does not fit [2, 3]")),
            failure_signature(verdict(Verdict::failed, "size 12 of %7 does not fit [5]")));
  EXPECT_NE(failure_signature(verdict(Verdict::failed, "no such list")),
            failure_signature(verdict(Verdict::failed, "no such dict")));
  EXPECT_EQ(failure_signature(verdict(Verdict::differs, "inputs 1, call 1: 2 of 3 elements differ")),
            failure_signature(verdict(Verdict::differs, "inputs 1, call 2: element [0]: 1 instead of 2")));
  EXPECT_NE(failure_signature(verdict(Verdict::differs, "inputs 1, call 1: 2 of 3 elements differ")),
            failure_signature(verdict(Verdict::differs, "inputs 1, call 1: fails: no operator")));
}

TEST(Reduce, ConditionsLookForWhatTheySay) {
  const std::vector<PassVerdict> verdicts = {verdict(Verdict::equal, ""), verdict(Verdict::refused, "wants it frozen")};
  EXPECT_EQ(find_shown({ReduceCondition::Kind::crashes, ""}, verdicts), nullptr);
  EXPECT_EQ(find_shown({ReduceCondition::Kind::message, "fro+zen"}, verdicts), &verdicts[1]);
  EXPECT_THROW(check_condition({ReduceCondition::Kind::message, "("}), Error);
}

TEST(Reduce, ReproducersAreReadBackAndMayNotLoadLibraries) {
  const std::string file = testing::TempDir() + "reproducer.ir";
  const auto write = [&](const Invocation& invocation, const std::string& what) {
    const IrReproducer made{.invocation = invocation, .what = what, .plugins = {"p.so"}};
    std::ofstream(file) << reproducer_comments(made) << "graph():\n  return ()\n";
  };
  const auto verify = [&] { return Invocation("verify", file).add("--passes", "cse"); };
  const Invocation whole = verify().add("--input", "\"a b\"").add("--tolerance", "1e-3").add_flag("--grad");
  write(whole, "cse differs: \n--load-library");
  const auto read = read_reproducer(file);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->invocation, whole);
  EXPECT_EQ(read->invocation.options(),
            (std::vector<std::string>{"--passes", "cse", "--input", "\"a b\"", "--tolerance", "1e-3", "--grad"}));
  EXPECT_EQ(read->plugins, std::vector<std::string>{"p.so"});
  for (const char* forbidden : {"--load-library", "--load-pass-plugin", "--inputs", "-o", "--reproducers"}) {
    write(verify().add(forbidden, "evil.so"), "");
    EXPECT_THROW(read_reproducer(file), Error) << forbidden;
  }
  write(Invocation("dump", file), "");
  EXPECT_THROW(read_reproducer(file), Error);
  std::ofstream(file) << "# tsir-reproducer: {\ngraph():\n  return ()\n";
  EXPECT_THROW(read_reproducer(file), Error);
}

} // namespace
} // namespace tsir
