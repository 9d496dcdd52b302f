// How long each operator of a graph takes, by LibTorch's own clock: while a ScriptProfile is on, the interpreter times
// every instruction that it runs, and adds the times up by line of source. So each node gets a line of its own first.
//
// The alternative, at::RecordFunction, does not see what runs without the dispatcher (attributes, lists, calls, control
// flow), which is what many passes remove; and its own cost is inside the times, because the records of operators that
// call others are nested. Here only two readings of the clock are.
#pragma once

#include "lib/bench/outcome/operators.h"
#include "lib/compat/libtorch.h"

namespace tsir {

struct OperatorTime {
  double ns = 0;
  double calls = 0; // 0 for control flow, whose instructions do not all run equally often
};
// By operator, of one call of the model. A fusion group's name says what is in it: "prim::TensorExprGroup[aten::relu
// aten::add]".
using OperatorTimes = std::map<std::string, OperatorTime>;
// What a fusion group's name stands for: all operators in it.
using FusionGroups = std::map<std::string, std::vector<std::string>>;

class NodeTimes {
public:
  NodeTimes();
  ~NodeTimes();
  NodeTimes(const NodeTimes&) = delete;
  NodeTimes& operator=(const NodeTimes&) = delete;

  // Gives a line to every node of `code` and of what it calls. To be called before `measure` for the code that then
  // runs, once LibTorch has made its final plan of it. `as_is`: called functions run as they stand.
  void number(const jit::Code& code, bool as_is);
  // Runs `call` `calls` times and gives the mean of the faster half. `washout`: with one unmeasured call before each,
  // which brings back into the caches what reading the profile evicted.
  OperatorTimes measure(const std::function<void()>& call, size_t calls, bool washout = false) const;
  const FusionGroups& groups() const;
  // The cost of timing one instruction, measured beforehand and already subtracted.
  double span_cost_ns() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace tsir
