#include "lib/run/switches.h"

#include "lib/compat/unshipped.h"
#include "lib/ir/walk.h"

#include <torch/csrc/jit/passes/graph_fuser.h>
#include <torch/csrc/jit/tensorexpr/kernel.h>

#include <array>
#include <mutex>

namespace tsir {
namespace {

void set(Switch which, bool on) {
  switch (which) {
  case Switch::nnc_fuses_on_cpu:
    jit::overrideCanFuseOnCPU(on);
    return;
  case Switch::nnc_is_interpreted:
    jit::tensorexpr::getTEMustUseLLVMOnCPU() = !on;
    return;
  case Switch::old_fuser_on_cpu:
    jit::overrideCanFuseOnCPULegacy(on);
    return;
  }
}

struct Holders {
  size_t count = 0;
  bool before = false; // the value before the first of them
};

std::mutex& mutex() {
  static std::mutex instance;
  return instance;
}

Holders& holders(Switch which) {
  static std::array<Holders, 3> all;
  return all.at(static_cast<size_t>(which));
}

} // namespace

bool is_on(Switch which) {
  switch (which) {
  case Switch::nnc_fuses_on_cpu:
    return jit::canFuseOnCPU();
  case Switch::nnc_is_interpreted:
    return !jit::tensorexpr::getTEMustUseLLVMOnCPU();
  case Switch::old_fuser_on_cpu:
    return jit::canFuseOnCPULegacy();
  }
  return false;
}

SwitchScope::SwitchScope(Switch which) : which_(which) {
  const std::scoped_lock lock(mutex());
  Holders& held = holders(which);
  if (held.count++ == 0) {
    held.before = is_on(which);
    set(which, true);
  }
}

SwitchScope::SwitchScope(SwitchScope&& other) noexcept : which_(std::exchange(other.which_, std::nullopt)) {}

SwitchScope::~SwitchScope() {
  if (!which_) {
    return;
  }
  const std::scoped_lock lock(mutex());
  Holders& held = holders(*which_);
  if (--held.count == 0) {
    set(*which_, held.before);
  }
}

std::vector<SwitchScope> switches_for(const jit::Graph& graph) {
  bool nnc = false;
  bool old_fuser = false;
  walk(
      *graph.block(),
      [&](const jit::Node& node) {
        nnc = nnc || node.kind() == c10::prim::TensorExprGroup || node.kind() == c10::prim::TensorExprDynamicGroup;
        old_fuser = old_fuser || node.kind() == c10::prim::FusionGroup;
      },
      /*subgraphs=*/true);
  std::vector<SwitchScope> needed;
  if (nnc) {
    needed.emplace_back(Switch::nnc_is_interpreted);
  }
  if (old_fuser) {
    needed.emplace_back(Switch::old_fuser_on_cpu);
  }
  return needed;
}

} // namespace tsir
