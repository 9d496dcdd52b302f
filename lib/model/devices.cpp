#include "lib/model/devices.h"

#include "lib/base/units.h"
#include "lib/model/effects.h"

#include <ATen/Context.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>

namespace tsir {
namespace {

bool is_missing(c10::DeviceType type) {
  return !c10::impl::hasDeviceGuardImpl(type) || (type == c10::kCUDA && !at::hasCUDA());
}

bool is_mapped(c10::Device device, c10::Device target, const std::set<std::string>& saved_on) {
  const bool same = device.type() == target.type() && (!device.has_index() || device.index() == target.index());
  return !same && (saved_on.contains(device.str()) || saved_on.contains(c10::DeviceTypeName(device.type(), true)) ||
                   is_missing(device.type()));
}

void map_in_block(jit::Block& block, c10::Device target, const std::set<std::string>& saved_on,
                  std::vector<MappedDevice>& mapped) {
  for (auto at = block.nodes().begin(); at != block.nodes().end();) {
    jit::Node* node = *at++; // advanced first, because the node may be destroyed
    for (jit::Block* inner : node->blocks()) {
      map_in_block(*inner, target, saved_on, mapped);
    }
    const auto value = node->kind() == c10::prim::Constant ? jit::toIValue(node->output()) : std::nullopt;
    if (!value || !value->isDevice() || !is_mapped(value->toDevice(), target, saved_on)) {
      continue;
    }
    // The constant's own place is less telling than that of the operator which takes it.
    const jit::Node* user = node->output()->uses().empty() ? node : node->output()->uses().front().user;
    mapped.push_back({value->toDevice().str(), place_of(*user)});
    const jit::WithInsertPoint before(node);
    node->output()->replaceAllUsesWith(block.owningGraph()->insertConstant(target));
    node->destroy();
  }
}

} // namespace

std::vector<MappedDevice> map_devices(const jit::Module& module, c10::Device target,
                                      const std::set<std::string>& saved_on) {
  std::vector<MappedDevice> mapped;
  for (jit::Function* function : module._ivalue()->compilation_unit()->get_functions()) {
    if (auto* graph_function = jit::tryToGraphFunction(*function)) {
      map_in_block(*graph_function->graph()->block(), target, saved_on, mapped);
    }
  }
  return mapped;
}

std::string describe_mapped(const std::vector<MappedDevice>& mapped, c10::Device target) {
  if (mapped.empty()) {
    return "";
  }
  std::string text = fmt::format("the code names {}", mapped.front().device);
  text += mapped.front().place.empty() ? "" : " at " + mapped.front().place;
  if (mapped.size() > 1) {
    text += fmt::format(" and {} more", plural(mapped.size() - 1, "device"));
  }
  return fmt::format("{}: {} is used instead", text, target.str());
}

} // namespace tsir
