// Measures the time of each operator of a graph with LibTorch's ScriptProfile: while it is on, the interpreter times
// every instruction that it runs, and sums the times by source line. Therefore each node first gets its own line.
//
// at::RecordFunction would not do: it does not see what runs without the dispatcher (attributes, lists, calls, control
// flow), which many passes remove. Its cost is also included in the times, because records of operators that call
// others are nested. Here the times include only two readings of the clock.
#pragma once

#include "lib/bench/outcome/operators.h"
#include "lib/compat/libtorch.h"

namespace tsir {

struct OperatorTime {
  double ns = 0;
  double calls = 0; // 0 for control flow, whose instructions do not run equally often
};
// The times in one call of the model, by operator. A fusion group's name lists its operators:
// "prim::TensorExprGroup[aten::relu aten::add]".
using OperatorTimes = std::map<std::string, OperatorTime>;
// All operators of a fusion group, by the group's name.
using FusionGroups = std::map<std::string, std::vector<std::string>>;

class NodeTimes {
public:
  NodeTimes();
  ~NodeTimes();
  NodeTimes(const NodeTimes&) = delete;
  NodeTimes& operator=(const NodeTimes&) = delete;

  // Gives a line to every node of `code` and of the functions it calls. To be called before `measure`, on the code that
  // will run, once LibTorch has made its final plan. `as_is`: called functions run as they stand.
  void number(const jit::Code& code, bool as_is);
  // Runs `call` `calls` times and returns the mean of the faster half. `washout`: before each, makes one unmeasured
  // call, which reloads the caches after reading the profile.
  OperatorTimes measure(const std::function<void()>& call, size_t calls, bool washout = false) const;
  const FusionGroups& groups() const;
  // The clock's cost for each timed instruction, measured beforehand; the times do not include it.
  double span_cost_ns() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace tsir
