// Static runtime's rewrites into operators that only it can run.
#include "passes/static_runtime.h"

#include "lib/pass/refused.h"
#include "passes/graph_pass.h"
#include "passes/writes.h"

namespace tsir {
namespace {

// The fields of rows that leave operators that only static runtime can run.
PassRow rewrite_row(const std::string& name, const std::string& function) {
  PassRow row;
  row.name = name;
  row.function = "torch::jit::" + function;
  row.header = static_runtime_header;
  row.savable = false;
  row.executable = false;
  row.order = "after inline; last, because only static runtime can run the result";
  return row;
}

const OptionSpec outputs_are_immutable{
    "outputs-are-immutable",
    true,
    "also rewrite operators whose result is an output of the graph or an alias of one",
    {}};

PassRow fuse_sign_log1p() {
  PassRow row = rewrite_row("fuse-sign-log1p", "FuseSignLog1P");
  row.looks_for = "sign(x) * log1p(abs(x))";
  row.summary = "Fuses sign(x) * log1p(abs(x)) into one operator";
  row.description = "aten::sign of a tensor, multiplied by aten::log1p of aten::abs of the same tensor, in this order, "
                    "becomes static_runtime::signed_log1p, if the values in between have no other uses.";
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
  row.description = "aten::narrow becomes aten::narrow_copy, aten::reshape becomes static_runtime::reshape_copy, "
                    "aten::flatten becomes static_runtime::flatten_copy, and aten::dequantize becomes "
                    "static_runtime::dequantize_copy, if nothing writes to their inputs. With "
                    "outputs-are-immutable=false, a result that may be an output of the graph stays a view.";
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
  row.summary = "Splits aten::to into a copy, made only if needed, and a selection";
  row.description =
      "An aten::to with a dtype, or with the dtype and device of another tensor, becomes "
      "static_runtime::to_maybe_copy_out, which copies only if it must and reports whether it did, and "
      "static_runtime::select_tensor, which selects the result. Left alone if something writes to the inputs.";
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
  row.looks_for = "lookups by constant keys in a dict that is an input";
  row.summary = "Unpacks an input dict once, at the beginning";
  row.description = "All lookups by constant keys, outside of blocks, in a dict that is an input of the graph and that "
                    "nothing changes, become one static_runtime::dict_unpack at the beginning. LibTorch keeps the keys "
                    "in a hash set, so their order may differ from run to run.";
  row.example = R"(def forward(self, features: Dict[str, Tensor]) -> Tensor:
    return features["width"] * torch.relu(features["height"])
)";
  row.run = on_graph([](GraphPtr& graph) { jit::RemoveImmutableInputDictLookups(graph); },
                     {{"aten::__getitem__"}, "aten::__getitem__"});
  return row;
}

// LibTorch's pass throws if the last node of the graph unpacks a tuple.
bool ends_in_unpacking(const jit::Graph& graph) {
  const auto nodes = const_cast<jit::Graph&>(graph)
                         .nodes(); // only the non-const overload is callable here; it does not change the graph
  return nodes.begin() != nodes.end() && (*nodes.rbegin())->kind() == c10::prim::TupleUnpack;
}

PassRow use_variadic_tuple_unpack() {
  PassRow row = rewrite_row("use-variadic-tuple-unpack", "UseVariadicTupleUnpack");
  row.looks_for = "two or more consecutive prim::TupleUnpack";
  row.summary = "Unpacks consecutive tuples by one operator";
  row.description = "Two or more prim::TupleUnpack that directly follow each other, outside of blocks, become one "
                    "static_runtime::VarTupleUnpack. LibTorch's pass throws if the graph ends in a prim::TupleUnpack.";
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
      throw Refused("the last node unpacks a tuple, on which LibTorch's pass throws");
    }
    PassResult result;
    run_on_copy(
        unit,
        [&](GraphPtr& graph) {
          Unit copy = Unit::of_graph(graph, unit.name());
          result = pass(copy, context);
          graph = copy.graph();
        },
        "LibTorch's pass unpacks a tuple before it is made");
    return result;
  };
  return row;
}

PassRow create_owned_refs() {
  PassRow row = rewrite_row("create-owned-refs-for-special-values", "CreateOwnedRefsForSpecialValues");
  row.idempotent = false; // values of outer blocks get another wrapper in every run
  row.looks_for = "outputs of the graph or of a block that are inputs, constants or values from outside";
  row.summary = "Wraps outputs that static runtime must not move out of its memory";
  row.description = "If an output of the graph or of a block is an input or a constant, or comes from an outer block, "
                    "a static_runtime::create_owned_ref is inserted before it. Static runtime moves outputs to its "
                    "caller and would otherwise lose these values.";
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
  row.summary = "Fuses a split and the squeezes of all pieces into one operator";
  row.description = "An aten::split along a constant dimension, a prim::ListUnpack, and an aten::squeeze of that "
                    "dimension for every piece become one static_runtime::fused_split_and_squeeze_copy, outside of "
                    "blocks, if the values in between have no other uses.";
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
  row.looks_for = "aten::embedding_bag whose last output is unused";
  row.summary = "Removes the last output of aten::embedding_bag if it is unused";
  row.description = "An aten::embedding_bag whose last output, the indices of the largest elements, is unused becomes "
                    "a static_runtime::embedding_bag, which does not compute it.";
  row.example = embedding_example;
  row.run = on_graph([](GraphPtr& graph) { jit::RemoveUnnecessaryEmbeddingBagOutputs(graph); }, embedding_bag);
  return row;
}

PassRow remove_unnecessary_outputs() {
  PassRow row = rewrite_row("remove-unnecessary-outputs", "RemoveUnnecessaryOutputs");
  row.looks_for = "aten::embedding_bag whose last output is unused";
  row.summary = "Removes unused outputs of operators";
  row.description = "In this LibTorch it does the same as remove-unnecessary-embedding-bag-outputs, because "
                    "aten::embedding_bag is the only operator that it knows.";
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
