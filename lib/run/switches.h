// LibTorch's process-wide switches, turned on for as long as something needs them.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

enum class Switch {
  // NNC forms groups for CPUs even if this LibTorch has no LLVM to compile them (overrideCanFuseOnCPU). Read while
  // NNC's fuser runs.
  nnc_fuses_on_cpu,
  // NNC's groups on a CPU run in its interpreter if there is no LLVM (getTEMustUseLLVMOnCPU() is false); with the
  // switch off they throw "LLVM Backend not found". Read when LibTorch generates code from a graph for its interpreter,
  // not when that code runs; an executor generates code only in its first runs.
  nnc_is_interpreted,
  // The old fuser forms groups for CPUs, and compiles them (overrideCanFuseOnCPULegacy). Read while the fuser runs, and
  // in every run of a group: with the switch off, the group's operators silently run one by one.
  old_fuser_on_cpu,
};

// The switch is on while any scope for it exists. The first scope turns it on, and the last one restores the value from
// before the first, in whatever order they are destroyed. LibTorch's switches are not thread-safe, but scopes may be
// made and destroyed on any thread.
class SwitchScope {
public:
  explicit SwitchScope(Switch which);
  SwitchScope(SwitchScope&& other) noexcept;
  ~SwitchScope();
  SwitchScope(const SwitchScope&) = delete;
  SwitchScope& operator=(const SwitchScope&) = delete;
  SwitchScope& operator=(SwitchScope&&) = delete;

private:
  std::optional<Switch> which_; // empty if it was moved from
};

bool is_on(Switch which);

// Turns on the switches that the fusion groups anywhere in the graph need. Keep the scopes for as long as code made
// from the graph may run.
std::vector<SwitchScope> switches_for(const jit::Graph& graph);

} // namespace tsir
