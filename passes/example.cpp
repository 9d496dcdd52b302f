#include "passes/example.h"

#include "lib/input/inputs.h"
#include "lib/ir/text/print.h"
#include "lib/model/text_ir.h"
#include "lib/pass/pipeline.h"

#include <torch/csrc/jit/frontend/resolver.h>
#include <torch/csrc/jit/frontend/sugared_value.h>
#include <torch/csrc/jit/passes/constant_propagation.h>

namespace tsir {
namespace {

// Submodules with the class names by which LibTorch's passes recognise these layers. Examples use them as self.linear
// and so on.
struct Layer {
  std::string_view attribute; // "linear"; added to the examples that use it
  std::string_view type;
  std::vector<std::pair<std::string, at::Tensor>> parameters;
  std::vector<std::pair<std::string, at::Tensor>> buffers;
  std::string_view methods;
};

// The weights of the linear layer survive quantisation to 8 bits without loss: for an input of ones it returns 3, 0
// and 3.
std::vector<Layer> layers() {
  const at::Tensor channels = at::tensor({0.5F, -0.25F, 1.0F});
  return {
      {"linear",
       "__torch__.torch.nn.modules.linear.Linear",
       {{"weight", at::tensor({1.0F, 0.0F, 1.0F, -1.0F, 0.0F, 1.0F, 1.0F, -1.0F, 0.0F}).reshape({3, 3})},
        {"bias", at::tensor({1.0F, 0.0F, 3.0F})}},
       {},
       "def forward(self, x: Tensor) -> Tensor:\n    return torch.linear(x, self.weight, self.bias)\n"},
      {"conv",
       "__torch__.torch.nn.modules.conv.Conv2d",
       {{"weight", at::linspace(-1, 1, 81).reshape({3, 3, 3, 3})}, {"bias", channels.clone()}},
       {},
       "def forward(self, x: Tensor) -> Tensor:\n"
       "    return torch.conv2d(x, self.weight, self.bias, [1, 1], [0, 0], [1, 1], 1)\n"},
      {"bn",
       "__torch__.torch.nn.modules.batchnorm.BatchNorm2d",
       {{"weight", channels.clone()}, {"bias", channels.clone()}},
       {{"running_mean", channels.clone()}, {"running_var", at::tensor({1.0F, 2.0F, 0.5F})}},
       "def forward(self, x: Tensor) -> Tensor:\n"
       "    return torch.batch_norm(x, self.weight, self.bias, self.running_mean, self.running_var, False, 0.1, 1e-5, "
       "False)\n"},
  };
}

jit::Module module_of(const Layer& layer) {
  jit::Module module{std::string(layer.type)};
  for (const auto& [name, value] : layer.parameters) {
    module.register_parameter(name, value, /*is_buffer=*/false);
  }
  for (const auto& [name, value] : layer.buffers) {
    module.register_parameter(name, value, /*is_buffer=*/true);
  }
  module.register_attribute("training", c10::BoolType::get(), false);
  module.define(std::string(layer.methods));
  return module;
}

// Resolves the name `linear` to the function torch.nn.functional.linear, which older scripts call.
class FunctionalLinear : public jit::NativeResolver {
public:
  explicit FunctionalLinear(std::shared_ptr<jit::CompilationUnit> unit) : unit_(std::move(unit)) {
    unit_->define(c10::QualifiedName("__torch__.torch.nn.functional"),
                  "def linear(input: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:\n"
                  "    return torch.linear(input, weight, bias)\n",
                  jit::nativeResolver(), nullptr);
  }
  std::shared_ptr<jit::SugaredValue> resolveValue(const std::string& name, jit::GraphFunction& method,
                                                  const jit::SourceRange& location) override {
    if (name == "linear") {
      auto& function = unit_->get_function(c10::QualifiedName("__torch__.torch.nn.functional.linear"));
      return std::make_shared<jit::FunctionValue>(jit::StrongFunctionPtr(unit_, &function));
    }
    return NativeResolver::resolveValue(name, method, location);
  }

private:
  std::shared_ptr<jit::CompilationUnit> unit_;
};

Unit module_of(const std::string& methods) {
  jit::Module module("Example");
  module.register_parameter("weight", at::tensor({1.0F, 2.0F, 3.0F}), /*is_buffer=*/false);
  module.register_attribute("training", c10::BoolType::get(), false);
  for (const Layer& layer : layers()) {
    if (methods.find(fmt::format("self.{}", layer.attribute)) != std::string::npos) {
      module.register_module(std::string(layer.attribute), module_of(layer));
    }
  }
  const bool calls_linear = methods.find(" linear(") != std::string::npos;
  module.define(methods, calls_linear ? std::make_shared<FunctionalLinear>(module._ivalue()->compilation_unit())
                                      : jit::nativeResolver());
  return Unit::of_module(std::move(module), "forward");
}

Unit unprepared_unit(const PassRow& row) {
  if (row.example.starts_with("def ")) {
    return module_of(row.example);
  }
  GraphPtr graph = parse_ir(row.example, row.name + ".ir");
  if (std::ranges::find(row.needs, Need::frozen) != row.needs.end()) {
    jit::ConstantPropagation(graph);
  }
  return Unit::of_graph(std::move(graph), row.name);
}

} // namespace

Unit example_unit(const PassRow& row, const Registry& registry) {
  Unit unit = unprepared_unit(row);
  const std::vector<c10::IValue> inputs = example_inputs(row, unit);
  Pipeline::parse(row.example_passes, registry, "the example of " + row.name)
      .run(unit, {.inputs = inputs.empty() ? nullptr : &inputs});
  return unit;
}

std::vector<c10::IValue> example_inputs(const PassRow& row, const Unit& unit) {
  if (row.example_inputs.empty()) {
    return {};
  }
  return make_inputs({.inputs = row.example_inputs, .file = {}}, unit.schema(), nullptr);
}

namespace {

class Outcome : public Observer {
public:
  void after_pass(const PassEvent& event, Unit&) override {
    note = event.note;
    report = event.report;
  }
  std::string note;
  std::string report;
};

} // namespace

ExampleRun run_example(const PassRow& row, const Registry& registry) {
  Unit unit = example_unit(row, registry);
  const std::vector<c10::IValue> inputs = example_inputs(row, unit);
  const std::string before = to_text(*unit.graph());
  Outcome outcome;
  Observer* const observers[] = {&outcome};
  Pipeline({PassUse{&row, PassOptions(row.options)}})
      .run(unit, {.inputs = inputs.empty() ? nullptr : &inputs}, observers);
  return {before, to_text(*unit.graph()), outcome.note, outcome.report};
}

} // namespace tsir
