#include "lib/bench/variants/variant.h"

#include "lib/base/error.h"
#include "lib/bench/machine/cache_flush.h"
#include "lib/bench/machine/device_samples.h"
#include "lib/bench/variants/clients.h"
#include "lib/bench/variants/train.h"
#include "lib/ir/hash.h"
#include "lib/ir/walk.h"
#include "lib/pass/observers/verify.h"
#include "lib/run/compare.h"
#include "lib/run/device.h"
#include "lib/run/failure.h"
#include "lib/run/libtorch_build.h"

namespace tsir {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

class OutcomeRecorder : public Observer {
public:
  void after_pass(const PassEvent& event, Unit&) override {
    outcomes.push_back({.text = event.use.text(),
                        .seconds = std::chrono::duration<double>(event.duration).count(),
                        .changed = event.changed,
                        .of_module = event.use.row->kind == PassKind::module,
                        .note = event.note,
                        .beyond_host = event.beyond_host});
  }
  std::vector<PassOutcome> outcomes;
};

std::string joined_changes(std::span<const PassOutcome> passes) {
  std::string text;
  for (const PassOutcome& pass : passes) {
    text += pass.changed ? pass.text + "," : "";
  }
  return text;
}

// Whether the graph reads the module that is its first input.
bool reads_module(const Variant& variant, const jit::Graph& graph) {
  return variant.unit.has_module() && !graph.inputs().empty() && graph.inputs()[0]->hasUses();
}

// A fresh module has the state of the file until a module pass changes it. The result of a module pass depends on all
// passes before it.
std::string module_history(const Variant& variant) {
  size_t last = 0;
  for (size_t i = 0; i < variant.passes.size(); ++i) {
    last = variant.passes[i].changed && variant.passes[i].of_module ? i + 1 : last;
  }
  return variant.origin + ":" + joined_changes(std::span(variant.passes).first(last));
}

// The state of one caller of an arm. Its arguments are deep copies, so that a model that changes inputs in place
// changes only these. All callers share the graph and the weights.
struct Caller {
  std::shared_ptr<const Variant> variant;
  jit::Stack arguments;
  jit::Stack stack;
  c10::Device device;
  bool grad;
};

// Makes a call without waiting for a device; on a CPU, all work is done.
void enqueue(Caller& caller) {
  caller.stack = caller.arguments; // frees the outputs of the call before, as assigning to a variable would
  caller.variant->runnable.run_raw(caller.stack);
}

void call(Caller& caller) {
  try {
    enqueue(caller);
    synchronize(caller.device);
  } catch (const std::exception& error) {
    throw Error(ErrorKind::check, run_failure(caller.variant->unit.name(), error, caller.grad));
  }
}

std::shared_ptr<Caller> new_caller(const std::shared_ptr<const Variant>& variant, const BenchTarget& target) {
  jit::Stack arguments = variant->runnable.full_stack(deep_copies(target.inputs));
  return std::make_shared<Caller>(Caller{variant, std::move(arguments), {}, target.device, target.grad});
}

// The arm of a single caller; a device times its calls itself.
Arm single_caller(const std::shared_ptr<const Variant>& variant, const BenchTarget& target) {
  const std::shared_ptr<Caller> caller = new_caller(variant, target);
  Arm arm{[caller] { call(*caller); }};
  arm.enter = [variant] { return std::shared_ptr<RunScope>(variant->runnable.scope()); };
  if (!target.device.is_cpu()) {
    const auto samples = std::make_shared<DeviceSamples>(target.device);
    arm.take_samples = [caller, samples](std::span<double> sample_ns, size_t calls_per_sample) {
      samples->take([&] { enqueue(*caller); }, sample_ns, calls_per_sample);
    };
    arm.own_calls = [samples] { return OwnCalls{.made = 0, .enqueue_ns = samples->enqueue_ns()}; };
  }
  return arm;
}

// The clients share the variants, in turn.
Arm clients_of(const std::vector<std::shared_ptr<const Variant>>& variants, const BenchTarget& target) {
  std::vector<std::function<void()>> calls;
  for (size_t client = 0; client < target.clients; ++client) {
    calls.push_back(caller_of(variants[client % variants.size()], target));
  }
  return clients_arm(std::move(calls));
}

} // namespace

Variant make_variant(const BenchTarget& target, const VariantSpec& spec) {
  const auto start = std::chrono::steady_clock::now();
  Unit unit = spec.open ? spec.open() : target.open();
  const double open_seconds = seconds_since(start);
  if (target.training) {
    Training::enter_train_mode(unit);
  }
  OutcomeRecorder recorder;
  VerifyObserver verify;
  Observer* const observers[] = {&recorder, &verify};
  const RunSettings settings{.inputs = &target.inputs, .device = target.device, .grad = target.grad};
  spec.pipeline.run(unit, settings, observers);
  Runnable runnable(unit, target.executor, target.grad);
  return {std::move(unit), std::move(runnable), spec.origin, std::move(recorder.outcomes), open_seconds};
}

std::string history(const Variant& variant) {
  return history(variant.origin, variant.passes);
}

std::string history(const std::string& origin, const std::vector<PassOutcome>& passes) {
  return origin + ":" + joined_changes(passes);
}

uint64_t execution_key(const Variant& variant) {
  const GraphPtr graph = variant.runnable.executed_graph();
  const uint64_t hash = canonical_hash(*graph);
  const std::string module = reads_module(variant, *graph) ? module_history(variant) : "";
  return hash ^ (std::hash<std::string>{}(module)*uint64_t{0x9E3779B97F4A7C15});
}

std::function<void()> caller_of(const std::shared_ptr<const Variant>& variant, const BenchTarget& target) {
  return [caller = new_caller(variant, target)] { call(*caller); };
}

Arm make_arm(const BenchTarget& target, Variant variant) {
  std::vector<Variant> one;
  one.push_back(std::move(variant));
  return make_arm(target, std::move(one));
}

Arm make_arm(const BenchTarget& target, std::vector<Variant> copies) {
  if (target.training) {
    return target.training->arm(target, std::move(copies.front()));
  }
  std::vector<std::shared_ptr<const Variant>> variants;
  for (Variant& copy : copies) {
    variants.push_back(std::make_shared<const Variant>(std::move(copy)));
  }
  Arm arm = target.clients > 0 ? clients_of(variants, target) : single_caller(variants.front(), target);
  if (target.executor != Executor::as_is) {
    arm.plan = [variants] {
      uint64_t plans = 0;
      for (const auto& variant : variants) {
        plans = plans * 31 + canonical_hash(*variant->runnable.executed_graph());
      }
      return plans;
    };
  }
  return target.flush ? cold_arm(std::move(arm), target.flush, std::make_shared<SteadyClock>()) : arm;
}

bool runs_interpreted_nnc(const jit::Graph& graph, c10::Device device) {
  if (!device.is_cpu() || nnc_has_llvm()) {
    return false;
  }
  bool found = false;
  walk(
      *const_cast<jit::Graph&>(graph).block(),
      [&](const jit::Node& node) {
        found = found || node.kind() == jit::prim::TensorExprGroup || node.kind() == jit::prim::TensorExprDynamicGroup;
      },
      /*subgraphs=*/true);
  return found;
}

} // namespace tsir
