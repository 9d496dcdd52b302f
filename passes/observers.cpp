#include "passes/observers.h"

#include "lib/pass/refused.h"
#include "lib/run/runnable.h"

namespace tsir {
namespace {

// Observes the range of a whole tensor, or of each slice of its first dimension.
constexpr auto observe_text = R"(
def forward(self, x: Tensor) -> Tensor:
    rows = x.detach().reshape([{}])
    if rows.numel() > 0:
        self.min_val = torch.minimum(self.min_val, torch.amin(rows, [1]))
        self.max_val = torch.maximum(self.max_val, torch.amax(rows, [1]))
    return x
def reset_min_max_vals(self) -> None:
    self.min_val = torch.full_like(self.min_val, float('inf'))
    self.max_val = torch.full_like(self.max_val, float('-inf'))
)";

constexpr auto affine_text = R"(
def calculate_qparams(self) -> Tuple[Tensor, Tensor]:
    low = torch.clamp_max(self.min_val, 0.0)
    high = torch.clamp_min(self.max_val, 0.0)
    scale = torch.clamp_min((high - low) / float(self.quant_max - self.quant_min), 1e-7)
    zero_point = torch.clamp(torch.round(float(self.quant_min) - low / scale), self.quant_min, self.quant_max)
    return (scale, zero_point.to(3))
)";

constexpr auto symmetric_text = R"(
def calculate_qparams(self) -> Tuple[Tensor, Tensor]:
    low = torch.clamp_max(self.min_val, 0.0)
    high = torch.clamp_min(self.max_val, 0.0)
    scale = torch.clamp_min(torch.maximum(torch.neg(low), high) / (float(self.quant_max - self.quant_min) / 2.0), 1e-7)
    return (scale, torch.zeros_like(scale).to(3))
)";

void add_int(jit::Module& module, const std::string& name, int64_t value) {
  module.register_attribute(name, c10::IntType::get(), value);
}

struct Range {
  at::ScalarType dtype;
  int64_t least;
  int64_t most;
};

jit::Module min_max_observer(const std::string& name, const Range& range, c10::QScheme scheme) {
  const bool per_channel = scheme == c10::kPerChannelSymmetric;
  jit::Module module("__torch__.tsir." + name);
  const float infinity = std::numeric_limits<float>::infinity();
  module.register_parameter("min_val", at::full({1}, infinity), /*is_buffer=*/true);
  module.register_parameter("max_val", at::full({1}, -infinity), /*is_buffer=*/true);
  add_int(module, "dtype", static_cast<int64_t>(range.dtype));
  add_int(module, "qscheme", static_cast<int64_t>(scheme));
  add_int(module, "quant_min", range.least);
  add_int(module, "quant_max", range.most);
  add_int(module, "ch_axis", 0);
  module.define(fmt::format(observe_text, per_channel ? "x.size(0), -1" : "1, -1"));
  module.define(scheme == c10::kPerTensorAffine ? affine_text : symmetric_text);
  return module;
}

// LibTorch recognises it by its name. It calls none of its methods for parameters, and lets operators choose these when
// they run.
jit::Module placeholder_observer() {
  jit::Module module("__torch__.tsir.PlaceholderObserver");
  const auto quint8 = static_cast<int64_t>(at::ScalarType::QUInt8);
  add_int(module, "dtype", quint8);
  add_int(module, "compute_dtype", quint8);
  module.register_attribute("is_dynamic", c10::BoolType::get(), true);
  module.define("def forward(self, x: Tensor) -> Tensor:\n    return x\n");
  return module;
}

bool has_submodule(const jit::Module& module, const std::string& path) {
  for (const auto& named :
       module.named_modules()) { // its iterators do not meet the standard's requirements for algorithms
    if (named.name == path) {
      return true;
    }
  }
  return false;
}

bool is_observer(const std::string& path) {
  const std::string name = path.substr(path.rfind('.') + 1);
  return name.find("_observer_") != std::string::npos;
}

} // namespace

OptionSpec quant_type_option() {
  return {"quant-type",
          std::string("static"),
          "static: quantize activations by the values seen in runs; dynamic: by the values of each run",
          {"static", "dynamic"}};
}

jit::QuantType quant_type(const PassOptions& options) {
  return options.text("quant-type") == "dynamic" ? jit::QuantType::DYNAMIC : jit::QuantType::STATIC;
}

jit::QConfigDict observers_for(const jit::Module& module, const ObserverSettings& settings) {
  const jit::Module activation =
      settings.type == jit::QuantType::DYNAMIC
          ? placeholder_observer()
          : min_max_observer("MinMaxObserver", {at::ScalarType::QUInt8, 0, 127}, c10::kPerTensorAffine);
  const jit::Module weight = min_max_observer(
      settings.per_channel ? "PerChannelMinMaxObserver" : "WeightMinMaxObserver", {at::ScalarType::QInt8, -127, 127},
      settings.per_channel ? c10::kPerChannelSymmetric : c10::kPerTensorSymmetric);
  const jit::QConfig both{activation, weight};
  if (settings.modules.empty()) {
    return {{"", both}};
  }
  jit::QConfigDict observers{{"", std::nullopt}};
  for (const std::string& path : settings.modules) {
    if (!has_submodule(module, path)) {
      throw Refused(fmt::format("modules: the module has no submodule '{}'", path));
    }
    observers[path] = both;
  }
  return observers;
}

ObserverCount count_observers(const jit::Module& module) {
  ObserverCount count;
  for (const auto& [name, submodule] : module.named_modules()) {
    if (!is_observer(name)) {
      continue;
    }
    ++count.all;
    count.placeholders += submodule.type()->name()->name().find("PlaceholderObserver") != std::string::npos ? 1 : 0;
    if (submodule.hasattr("min_val") && submodule.attr("min_val").isTensor()) {
      count.unused += submodule.attr("min_val").toTensor().isinf().any().item<bool>() ? 1 : 0;
    }
  }
  return count;
}

std::string missing_observers(const jit::Module& module, jit::QuantType type) {
  const ObserverCount count = count_observers(module);
  if (count.all == 0) {
    return fmt::format("the module has no observers: {}", to_advice(Need::observed));
  }
  // With observers of the other type, quantize nodes would have no parameters.
  const bool dynamic = count.placeholders > 0;
  if (dynamic != (type == jit::QuantType::DYNAMIC)) {
    throw Refused(fmt::format("the module has observers for {0} quantization: give quant-type={0}",
                              dynamic ? "dynamic" : "static"));
  }
  return "";
}

void calibrate(const Unit& unit, const PassContext& context) {
  if (context.inputs == nullptr) {
    throw Refused(fmt::format("quantization needs values to choose its scales: {}", to_advice(Need::inputs)));
  }
  Runnable(unit, Executor::as_is, context.grad).run(*context.inputs);
}

void check_forward(const Unit& unit) {
  if (unit.name() != "forward") {
    throw Refused(fmt::format("LibTorch's pass works on forward only, not on {}", unit.name()));
  }
}

void check_eval_mode(const jit::Module& module, std::string_view what) {
  if (module.hasattr("training") && module.is_training()) {
    throw Refused(
        fmt::format("the module is in train mode, and {} would make this permanent: {}", what, to_advice(Need::eval)));
  }
}

} // namespace tsir
