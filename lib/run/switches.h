// LibTorch's switches that hold for the whole process, turned on for as long as something needs them.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

enum class Switch {
  // NNC forms groups for CPUs also where this LibTorch has no LLVM to compile them (overrideCanFuseOnCPU). Read while
  // NNC's fuser runs.
  nnc_fuses_on_cpu,
  // NNC's groups on a CPU run in its interpreter where there is no LLVM (getTEMustUseLLVMOnCPU() is false); without
  // it they throw "LLVM Backend not found". Read where LibTorch makes code of a graph for its interpreter, and
  // not when that runs; an executor makes code only in its first runs.
  nnc_is_interpreted,
  // The old fuser forms groups for CPUs, and compiles them (overrideCanFuseOnCPULegacy). Read while the fuser runs, and
  // in every run of a group: with the switch off the group's operators run one by one, without a word.
  old_fuser_on_cpu,
};

// The switch is on while any scope of it lives. The first scope turns it on; the last one puts back what was there
// before the first, in whatever order they go. LibTorch's switches are not made for threads; scopes may be made and
// dropped on any.
class SwitchScope {
public:
  explicit SwitchScope(Switch which);
  SwitchScope(SwitchScope&& other) noexcept;
  ~SwitchScope();
  SwitchScope(const SwitchScope&) = delete;
  SwitchScope& operator=(const SwitchScope&) = delete;
  SwitchScope& operator=(SwitchScope&&) = delete;

private:
  std::optional<Switch> which_; // none where it was moved from
};

bool is_on(Switch which);

// The switches that the groups of fusers in the graph need, wherever they stand in it, for as long as what was made
// from the graph may run.
std::vector<SwitchScope> switches_for(const jit::Graph& graph);

} // namespace tsir
