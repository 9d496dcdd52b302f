#include "lib/model/devices.h"

#include "lib/ir/walk.h"
#include "lib/model/effects.h"

namespace tsir {
namespace {

// Whether the operator makes its result on the device, or moves it there.
bool is_place_of_result(const jit::Use& use) {
  const c10::FunctionSchema* schema = use.user->maybeSchema();
  return schema != nullptr && use.offset < schema->arguments().size() &&
         schema->arguments()[use.offset].name() == "device";
}

class Mapping {
public:
  Mapping(c10::Device target, const std::set<std::string>& saved_on) : target_(target) {
    for (const std::string& saved : saved_on) {
      types_.insert(c10::Device(saved).type());
    }
  }

  void map(jit::Block& block) {
    for (jit::Node* node : block.nodes()) {
      for (jit::Block* inner : node->blocks()) {
        map(*inner);
      }
      for (const GraphPtr& subgraph : subgraphs_of(*node)) {
        map(*subgraph->block());
      }
      const auto value = node->kind() == c10::prim::Constant ? jit::toIValue(node->output()) : std::nullopt;
      if (value && value->isDevice() && is_mapped(value->toDevice())) {
        map_uses(*node, value->toDevice());
      }
    }
  }

  std::vector<MappedDevice> mapped() && { return std::move(mapped_); }

private:
  bool is_mapped(c10::Device device) const {
    const bool same = device.type() == target_.type() && (!device.has_index() || device.index() == target_.index());
    return !same && !device.is_cpu() && types_.contains(device.type());
  }

  void map_uses(jit::Node& constant, c10::Device device) {
    jit::Value* replacement = nullptr;
    for (const jit::Use& use : std::vector<jit::Use>(constant.output()->uses())) {
      if (!is_place_of_result(use)) {
        continue;
      }
      if (replacement == nullptr) {
        const jit::WithInsertPoint before(&constant);
        replacement = constant.owningGraph()->insertConstant(target_);
      }
      use.user->replaceInput(use.offset, replacement);
      mapped_.push_back({device.str(), place_of(*use.user)});
    }
  }

  c10::Device target_;
  std::set<c10::DeviceType> types_;
  std::vector<MappedDevice> mapped_;
};

} // namespace

std::vector<MappedDevice> map_devices(const jit::Module& module, c10::Device target,
                                      const std::set<std::string>& saved_on) {
  Mapping mapping(target, saved_on);
  for (jit::Function* function : module._ivalue()->compilation_unit()->get_functions()) {
    if (auto* graph_function = jit::tryToGraphFunction(*function)) {
      mapping.map(*graph_function->graph()->block());
    }
  }
  return std::move(mapping).mapped();
}

std::string describe_mapped(const std::vector<MappedDevice>& mapped, c10::Device target) {
  if (mapped.empty()) {
    return "";
  }
  std::string text = with_place("the code names " + mapped.front().device, mapped.front().place);
  if (mapped.size() > 1) {
    text += fmt::format(" and at {} more {}", mapped.size() - 1, mapped.size() == 2 ? "place" : "places");
  }
  return fmt::format("{}: {} is used instead", text, target.str());
}

} // namespace tsir
