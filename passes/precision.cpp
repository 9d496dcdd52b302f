// Passes that change the precision or the memory format in which layers compute: tsir's own, made of LibTorch's
// functions.
#include "passes/all.h"
#include "passes/frozen.h"
#include "passes/graph_pass.h"
#include "passes/host/bf16.h"
#include "passes/host/dynamic_int8.h"
#include "passes/host/host_texts.h"
#include "passes/host/to_channels_last.h"

#include "lib/base/units.h"
#include "lib/ir/walk.h"
#include "lib/pass/refused.h"

namespace tsir {
namespace {

// A view of a tensor in another format is a copy, so a write through the view would be lost.
void refuse_written_views(const GraphPtr& graph) {
  const jit::AliasDb aliases(graph);
  walk(*graph->block(), [&](const jit::Node& node) {
    if (node.kind() == c10::aten::view && aliases.hasWriters(node.output())) {
      throw Refused("a view is written in place, and in channels-last format it would be a copy: run "
                    "remove-tensor-mutation first");
    }
  });
}

PassRow to_channels_last() {
  PassRow row;
  row.name = "to-channels-last";
  row.aliases = {"channels-last"};
  row.function = "torch::jit::Graph::insertConstant";
  row.header = "torch/csrc/jit/ir/ir.h";
  row.needs = {Need::frozen};
  row.changes_numerics = true;
  row.idempotent = false; // what is returned is converted again
  row.order = "after freeze-module and the folds, before the fusers";
  row.looks_for = "convolutions whose constant weights have four dimensions";
  row.summary = "Lets convolutions work on tensors in channels-last format";
  row.description =
      "Converts the constant weights of two-dimensional convolutions to channels-last format. The inputs of the graph "
      "that convolutions read are converted first; tensors that the graph returns are converted back. In between, "
      "LibTorch's operators keep the format. aten::view becomes aten::reshape, since a tensor in this format has no "
      "such view. Many convolutions are faster in this format, and some are slower: measure it. The pass is tsir's "
      "own; "
      "it does what Tensor.to(memory_format=torch.channels_last) does in Python.";
  row.example = conv_example("%y : Tensor = aten::relu(%conv)", "%y");
  row.run = [](Unit& unit, const PassContext&) -> PassResult {
    const std::string why = missing(
        *unit.graph(),
        {{"aten::conv2d", "aten::_convolution", "aten::conv_transpose2d"}, "two-dimensional convolution", true});
    if (!why.empty()) {
      return why;
    }
    refuse_written_views(unit.graph());
    return fmt::format("converted {}", plural(host_passes::to_channels_last(unit.graph()), "convolution"));
  };
  row.host = [](const PassOptions&, const std::string&) {
    return call_of({to_channels_last_text}, "host_passes::to_channels_last(graph);");
  };
  return row;
}

PassRow bf16() {
  PassRow row;
  row.name = "bf16";
  row.function = "torch::jit::Autocast";
  row.header = "torch/csrc/jit/passes/autocast.h";
  row.needs = {Need::frozen};
  row.changes_numerics = true;
  row.lowers_precision = true;
  row.runs_operators = true;
  row.idempotent = false;
  row.order = "after freeze-module and the folds";
  row.looks_for = "matrix products, convolutions and recurrent cells";
  row.summary = "Lets products and convolutions compute in bfloat16 (CPU)";
  row.description =
      "Runs autocast for the CPU with bfloat16, converts constant weights ahead of time, and converts tensors that the "
      "graph returns to float32, if they were computed in bfloat16. Results differ from those in float32 by about 1 %. "
      "It is faster on processors that compute in bfloat16 (AVX-512 BF16, AMX), and slower on others. A graph that "
      "returned bfloat16 before returns float32.";
  row.example = linear_example("%y : Tensor = aten::relu(%linear)", "%y");
  row.example_inputs = {"float32[2,3]=ones"}; // which bfloat16 holds without rounding
  row.run = on_graph([](GraphPtr& graph) { host_passes::to_bf16(graph); },
                     {{"aten::linear", "aten::matmul", "aten::mm", "aten::addmm", "aten::bmm", "aten::conv1d",
                       "aten::conv2d", "aten::conv3d", "aten::_convolution", "aten::lstm", "aten::gru"},
                      "matrix product or convolution",
                      true});
  row.host = [](const PassOptions&, const std::string&) {
    return call_of({bf16_text}, "host_passes::to_bf16(graph);");
  };
  return row;
}

PassRow dynamic_int8() {
  PassRow row;
  row.name = "dynamic-int8";
  row.function = "torch::jit::Module::register_attribute";
  row.header = "torch/csrc/jit/api/module.h";
  row.kind = PassKind::module;
  row.needs = {Need::module, Need::frozen};
  row.changes_numerics = true;
  row.lowers_precision = true;
  row.runs_operators = true;
  row.order = "after freeze-module and the folds, instead of frozen-linear-transpose";
  row.looks_for = "aten::linear and aten::lstm with constant float32 weights";
  row.summary = "Lets linear and LSTM layers compute in int8, with scales found at run time (CPU)";
  row.description =
      "The weights of aten::linear become int8 with a scale for each row, and are packed for the processor's kernels; "
      "activations are quantized when the graph runs (quantized::linear_dynamic). The same is done for aten::lstm with "
      "biases, outside of training (aten::quantized_lstm). The packed weights are attributes of the module, named "
      "int8_0 and so on, so a .pt can hold them. The operators are LibTorch's (quantized::linear_prepack, "
      "quantized::make_quantized_cell_params_dynamic). The pass does for a frozen module what "
      "torch.ao.quantization.quantize_dynamic does for a Python one. Results differ from those in float32 by a few "
      "percent. Convolutions, and products that are not aten::linear, are left alone.";
  row.example = R"(def forward(self, x: Tensor) -> Tensor:
    return torch.relu(self.linear.forward(x))
)";
  row.example_inputs = {"float32[2,3]=ones"};
  row.example_passes = "freeze-module";
  row.run = [](Unit& unit, const PassContext&) -> PassResult {
    if (at::globalContext().qEngine() == at::QEngine::NoQEngine) {
      throw Refused("this LibTorch has no kernels for int8");
    }
    const std::string why = missing(*unit.graph(), {{"aten::linear", "aten::lstm"}, "aten::linear or aten::lstm"});
    if (!why.empty()) {
      return why;
    }
    const size_t count = host_passes::to_dynamic_int8(unit.module(), unit.graph());
    return count > 0 ? fmt::format("quantized {}", plural(count, "layer"))
                     : fmt::format("found no frozen weights in float32: {}", to_advice(Need::frozen));
  };
  row.host = [](const PassOptions&, const std::string& method) {
    return call_of(
        {dynamic_int8_text},
        fmt::format("host_passes::to_dynamic_int8(module, module.get_method({}).graph());", cpp_literal(method)));
  };
  return row;
}

} // namespace

void register_precision(Registry& registry) {
  registry.add(to_channels_last());
  registry.add(bf16());
  registry.add(dynamic_int8());
}

} // namespace tsir
