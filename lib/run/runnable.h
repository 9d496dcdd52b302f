// A graph that is ready to run on a device, exactly as it stands or with one of LibTorch's own executors.
#pragma once

#include "lib/model/unit.h"

namespace tsir {

// as_is: LibTorch's interpreter runs the graph itself, without further optimisation. profiling: as module.forward()
// does, the first run profiles, and the second optimises and fuses. simple: LibTorch's executor without profiling,
// which only inlines, folds constants of immutable types and pools them.
enum class Executor { as_is, profiling, simple };
std::string_view to_string(Executor executor);    // "as-is"
Executor parse_executor(const std::string& name); // throws Error(usage)

// Sets LibTorch's thread-local switches for a run: whether the executors optimise, and autograd. A scope inside another
// one with the same settings on the same thread does nothing, because setting the switches takes half a microsecond.
class RunScope {
public:
  RunScope(bool optimizing, bool grad);
  ~RunScope();
  RunScope(const RunScope&) = delete;
  RunScope& operator=(const RunScope&) = delete;

private:
  struct Switches;
  static thread_local const RunScope* current_;
  bool optimizing_;
  bool grad_;
  const RunScope* outer_;
  std::unique_ptr<Switches> switches_;
};

class Runnable {
public:
  // Copies the unit's graph; the unit's module (its weights and buffers) is shared, not copied. `grad` keeps autograd
  // on. Throws Error(check) if LibTorch cannot prepare the graph, for example because of an unknown operator.
  Runnable(const Unit& unit, Executor executor, bool grad = false);
  Runnable(Runnable&&) noexcept;
  ~Runnable();

  // Runs once on inputs without self and returns the outputs (one value for a method). Throws Error(check) in one line
  // if the model throws; on "does not require grad" the line suggests Setting::grad.
  jit::Stack run(const std::vector<c10::IValue>& inputs) const;
  // The same without copying, checking or translating errors, for timed loops: `stack` holds the full arguments (see
  // full_stack) and then the outputs.
  void run_raw(jit::Stack& stack) const;
  // The scope that run_raw needs. Making it once around many calls on one thread saves time.
  std::unique_ptr<RunScope> scope() const;
  // The arguments for run_raw: the module object, if there is one, and then the inputs.
  jit::Stack full_stack(const std::vector<c10::IValue>& inputs) const;
  // A copy of the graph that is executed: the executor's plan once it has run often enough, else the graph itself.
  // Functions that the executor made for it are destroyed with this object.
  GraphPtr executed_graph() const;
  // The code that the interpreter runs for this graph, shared and not copied.
  jit::Code executed_code() const;
  Executor executor() const;

private:
  struct State;
  // The executor's plan; empty for as_is, or before it has run often enough.
  std::optional<jit::ExecutionPlan> plan() const;
  std::unique_ptr<State> state_;
};

} // namespace tsir
