// Static runtime's rewrites into operators that it alone can run.
#include "passes/static_runtime.h"

#include "lib/pass/refused.h"
#include "passes/graph_pass.h"
#include "passes/writes.h"

namespace tsir {
namespace {

// What leaves operators that only static runtime runs.
PassRow rewrite_row(const std::string& name, const std::string& function) {
  PassRow row;
  row.name = name;
  row.function = "torch::jit::" + function;
  row.header = static_runtime_header;
  row.savable = false;
  row.executable = false;
  row.order = "after inline; last, since only static runtime runs what it leaves";
  return row;
}

const OptionSpec outputs_are_immutable{
    "outputs-are-immutable", true, "also where the result is an output of the graph or an alias of one", {}};

PassRow fuse_sign_log1p() {
  PassRow row = rewrite_row("fuse-sign-log1p", "FuseSignLog1P");
  row.looks_for = "sign(x) * log1p(abs(x))";
  row.summary = "Writes sign(x) * log1p(abs(x)) as one operator";
  row.description = "aten::sign, and aten::abs and aten::log1p, of the same tensor, multiplied in this order, become "
                    "static_runtime::signed_log1p, where nothing else uses what is in between.";
  row.example = R"(graph(%x : Tensor):
  %1 : Tensor = aten::sign(%x)
  %2 : Tensor = aten::abs(%x)
  %3 : Tensor = aten::log1p(%2)
  %4 : Tensor = aten::mul(%1, %3)
  return (%4)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::FuseSignLog1P(graph); }, {{"aten::log1p"}, "aten::log1p"});
  return row;
}

PassRow replace_with_copy() {
  PassRow row = rewrite_row("replace-with-copy", "ReplaceWithCopy");
  row.options = {outputs_are_immutable};
  row.looks_for = "aten::narrow, reshape, flatten and dequantize";
  row.summary = "Replaces views by copies, whose memory static runtime can plan";
  row.description =
      "aten::narrow becomes aten::narrow_copy, aten::reshape static_runtime::reshape_copy, aten::flatten "
      "static_runtime::flatten_copy and aten::dequantize static_runtime::dequantize_copy, where nothing writes their "
      "inputs. A result that may be an output of the graph stays a view where outputs-are-immutable is false.";
  row.example = R"(graph(%x : Tensor):
  %minus : int = prim::Constant[value=-1]()
  %size : int[] = prim::ListConstruct(%minus)
  %1 : Tensor = aten::reshape(%x, %size)
  %2 : Tensor = aten::relu(%1)
  return (%2)
)";
  row.run =
      on_graph([](GraphPtr& graph,
                  const PassOptions& options) { jit::ReplaceWithCopy(graph, options.flag("outputs-are-immutable")); },
               {{"aten::narrow", "aten::reshape", "aten::flatten", "aten::dequantize"},
                "aten::narrow, reshape, flatten or dequantize"});
  return row;
}

PassRow replace_with_maybe_copy() {
  PassRow row = rewrite_row("replace-with-maybe-copy", "ReplaceWithMaybeCopy");
  row.options = {outputs_are_immutable};
  row.looks_for = "aten::to with a dtype or another tensor";
  row.summary = "Splits aten::to into a copy where one is needed, and the choice";
  row.description =
      "aten::to a dtype, or to the dtype and device of another tensor, becomes static_runtime::to_maybe_copy_out, "
      "which "
      "copies only where it must and says whether it did, and static_runtime::select_tensor, which chooses. Left alone "
      "where something writes the inputs.";
  row.example = R"(graph(%x : Tensor):
  %dtype : int = prim::Constant[value=6]()
  %false : bool = prim::Constant[value=0]()
  %none : NoneType = prim::Constant()
  %1 : Tensor = aten::to(%x, %dtype, %false, %false, %none)
  %2 : Tensor = aten::relu(%1)
  return (%2)
)";
  row.run = on_graph(
      [](GraphPtr& graph, const PassOptions& options) {
        jit::ReplaceWithMaybeCopy(graph, options.flag("outputs-are-immutable"));
      },
      {{"aten::to"}, "aten::to"});
  return row;
}

PassRow remove_immutable_input_dict_lookups() {
  PassRow row = rewrite_row("remove-immutable-input-dict-lookups", "RemoveImmutableInputDictLookups");
  row.looks_for = "elements, by constant keys, of a dict that is an input";
  row.summary = "Takes an input dict apart once, at the beginning";
  row.description =
      "All lookups by constant keys, outside blocks, in a dict that is an input of the graph and that nothing changes, "
      "become one static_runtime::dict_unpack at the beginning. LibTorch keeps the keys in a hash set, so their order "
      "may differ from run to run.";
  row.example = R"(def forward(self, features: Dict[str, Tensor]) -> Tensor:
    return features["width"] * torch.relu(features["height"])
)";
  row.run = on_graph([](GraphPtr& graph) { jit::RemoveImmutableInputDictLookups(graph); },
                     {{"aten::__getitem__"}, "aten::__getitem__"});
  return row;
}

// LibTorch's pass throws where the last node of the graph takes a tuple apart.
bool ends_in_unpacking(const jit::Graph& graph) {
  const auto nodes = const_cast<jit::Graph&>(graph).nodes(); // only the other overload is callable here; reads only
  return nodes.begin() != nodes.end() && (*nodes.rbegin())->kind() == c10::prim::TupleUnpack;
}

PassRow use_variadic_tuple_unpack() {
  PassRow row = rewrite_row("use-variadic-tuple-unpack", "UseVariadicTupleUnpack");
  row.looks_for = "two or more prim::TupleUnpack in a row";
  row.summary = "Takes neighbouring tuples apart by one operator";
  row.description = "Two or more prim::TupleUnpack that directly follow each other, outside blocks, become one "
                    "static_runtime::VarTupleUnpack. LibTorch's pass throws where the graph ends in one.";
  row.example = R"(graph(%p : (Tensor, Tensor), %q : (Tensor, Tensor)):
  %a : Tensor, %b : Tensor = prim::TupleUnpack(%p)
  %c : Tensor, %d : Tensor = prim::TupleUnpack(%q)
  %ac : Tensor = aten::mul(%a, %c)
  %bd : Tensor = aten::mul(%b, %d)
  %both : (Tensor, Tensor) = prim::TupleConstruct(%ac, %bd)
  return (%both)
)";
  row.run = [pass = on_graph([](GraphPtr& graph) { jit::UseVariadicTupleUnpack(graph); },
                             {{"prim::TupleUnpack"}, "prim::TupleUnpack"})](Unit& unit, const PassContext& context) {
    if (ends_in_unpacking(*unit.graph())) {
      throw Refused("the last node takes a tuple apart, on which this pass of LibTorch's throws");
    }
    PassResult result;
    run_on_copy(
        unit,
        [&](GraphPtr& graph) {
          Unit copy = Unit::of_graph(graph, unit.name());
          result = pass(copy, context);
          graph = copy.graph();
        },
        "LibTorch unpacks a tuple here before it is made");
    return result;
  };
  return row;
}

PassRow create_owned_refs() {
  PassRow row = rewrite_row("create-owned-refs-for-special-values", "CreateOwnedRefsForSpecialValues");
  row.idempotent = false; // values of outer blocks get another one on every run
  row.looks_for = "outputs, of the graph or of a block, that are inputs, constants or values from outside";
  row.summary = "Wraps outputs that static runtime must not move out of its memory";
  row.description =
      "Where an output of the graph or of a block is an input or a constant, or comes from an outer block, "
      "static_runtime::create_owned_ref goes in between. Static runtime moves outputs to its caller, which would take "
      "these away from it.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %1 : Tensor = aten::relu(%x)
  %both : (Tensor, Tensor) = prim::TupleConstruct(%1, %y)
  return (%both, %y)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::CreateOwnedRefsForSpecialValues(*graph); });
  return row;
}

PassRow use_split_and_squeeze() {
  PassRow row = rewrite_row("use-split-and-squeeze", "UseSplitAndSqueeze");
  row.looks_for = "aten::split whose pieces are all squeezed along the same dimension";
  row.summary = "Writes splitting and squeezing of all pieces as one operator";
  row.description =
      "aten::split along a constant dimension, a prim::ListUnpack, and an aten::squeeze of that dimension for every "
      "piece become static_runtime::fused_split_and_squeeze_copy, outside blocks, where nothing else uses what is in "
      "between.";
  row.example = R"(graph(%x : Tensor):
  %one : int = prim::Constant[value=1]()
  %1 : Tensor[] = aten::split(%x, %one, %one)
  %a : Tensor, %b : Tensor = prim::ListUnpack(%1)
  %2 : Tensor = aten::squeeze(%a, %one)
  %3 : Tensor = aten::squeeze(%b, %one)
  %4 : Tensor = aten::mul(%2, %3)
  return (%4)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::UseSplitAndSqueeze(graph); }, {{"aten::split"}, "aten::split"});
  return row;
}

constexpr auto embedding_example = R"(graph(%weight : Tensor, %indices : Tensor, %offsets : Tensor):
  %false : bool = prim::Constant[value=0]()
  %mode : int = prim::Constant[value=0]()
  %none : NoneType = prim::Constant()
  %y : Tensor, %1 : Tensor, %2 : Tensor, %3 : Tensor = aten::embedding_bag(%weight, %indices, %offsets, %false, %mode, %false, %none, %false)
  return (%y)
)";

const Wanted embedding_bag{{"aten::embedding_bag"}, "aten::embedding_bag"};

PassRow remove_unnecessary_embedding_bag_outputs() {
  PassRow row = rewrite_row("remove-unnecessary-embedding-bag-outputs", "RemoveUnnecessaryEmbeddingBagOutputs");
  row.looks_for = "aten::embedding_bag whose last output nobody uses";
  row.summary = "Drops the last output of aten::embedding_bag where nobody uses it";
  row.description =
      "aten::embedding_bag becomes static_runtime::embedding_bag, which does not compute the indices of the "
      "largest elements, where these are not used.";
  row.example = embedding_example;
  row.run = on_graph([](GraphPtr& graph) { jit::RemoveUnnecessaryEmbeddingBagOutputs(graph); }, embedding_bag);
  return row;
}

PassRow remove_unnecessary_outputs() {
  PassRow row = rewrite_row("remove-unnecessary-outputs", "RemoveUnnecessaryOutputs");
  row.looks_for = "aten::embedding_bag whose last output nobody uses";
  row.summary = "Drops outputs of operators that nobody uses";
  row.description = "In this LibTorch the same as remove-unnecessary-embedding-bag-outputs: aten::embedding_bag is the "
                    "only operator that it knows.";
  row.example = embedding_example;
  row.run = on_graph([](GraphPtr& graph) { jit::RemoveUnnecessaryOutputs(graph); }, embedding_bag);
  return row;
}

} // namespace

void register_static_runtime_rewrites(Registry& registry) {
  registry.add(fuse_sign_log1p());
  registry.add(replace_with_copy());
  registry.add(replace_with_maybe_copy());
  registry.add(remove_immutable_input_dict_lookups());
  registry.add(use_variadic_tuple_unpack());
  registry.add(create_owned_refs());
  registry.add(use_split_and_squeeze());
  registry.add(remove_unnecessary_embedding_bag_outputs());
  registry.add(remove_unnecessary_outputs());
}

} // namespace tsir
