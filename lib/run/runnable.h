// A graph ready to run on a device: exactly as it stands, or under one of LibTorch's own executors.
#pragma once

#include "lib/model/unit.h"

namespace tsir {

// as_is: LibTorch's interpreter on the graph itself, no further optimisation. profiling: what module.forward() does:
// the first run profiles, the second optimises and fuses. simple: LibTorch's executor without profiling: it inlines,
// folds constants of immutable types and pools them, nothing more.
enum class Executor { as_is, profiling, simple };
std::string_view to_string(Executor executor);    // "as-is"
Executor parse_executor(const std::string& name); // throws Error(usage)

// LibTorch's thread-local switches as a run needs them: whether the executors optimise, and autograd. Made within one
// of the same kind on the same thread, it does nothing: setting them takes LibTorch half a microsecond.
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
  // on. Throws Error(check) where LibTorch cannot make the graph ready (an operator that it does not know, say).
  Runnable(const Unit& unit, Executor executor, bool grad = false);
  Runnable(Runnable&&) noexcept;
  ~Runnable();

  // Runs once on inputs without self and gives the outputs (one value for a method). Throws Error(check) in one line
  // where the model throws; on "does not require grad" the line offers Setting::grad.
  jit::Stack run(const std::vector<c10::IValue>& inputs) const;
  // The same without copying, checking or translating errors, for timed loops: `stack` holds the full arguments (see
  // full_stack) and then the outputs.
  void run_raw(jit::Stack& stack) const;
  // What run_raw needs in force, made once around many calls on one thread.
  std::unique_ptr<RunScope> scope() const;
  // The arguments of run_raw: the module object first where there is one.
  jit::Stack full_stack(const std::vector<c10::IValue>& inputs) const;
  // The graph that really runs: the executor's plan once it has run often enough, else the graph itself. A copy, but
  // functions that the executor made for it live no longer than this object.
  GraphPtr executed_graph() const;
  // What the interpreter runs for it, shared and not copied.
  jit::Code executed_code() const;
  Executor executor() const;

private:
  struct State;
  // The executor's plan; nothing as it is, or before it has run often enough.
  std::optional<jit::ExecutionPlan> plan() const;
  std::unique_ptr<State> state_;
};

} // namespace tsir
