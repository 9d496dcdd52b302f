// Measures the overhead of tsir's timed slots over a hand-written loop around the same interpreter, in pairs in one
// run.
//
//   overhead MODEL.pt [ROUNDS [INPUT…]]
//
// A pair is a number of calls by hand (fill the stack, run InterpreterState, two clock reads around all calls) and the
// same number by run_slot, in random order. Prints the ratio of the times per call with its interval, and the cost of
// an empty call in a slot.
#include "lib/base/error.h"
#include "lib/bench/stats/statistics.h"
#include "lib/bench/timing/plan.h"
#include "lib/bench/timing/schedule.h"
#include "lib/bench/timing/slot.h"
#include "lib/bench/variants/variant.h"
#include "lib/input/inputs.h"
#include "lib/model/load/load.h"

#include <ATen/Parallel.h>

#include <cmath>
#include <cstdio>
#include <malloc.h>

namespace tsir {
namespace {

constexpr int pairs_a_round = 40;

using Seconds = std::chrono::duration<double>;

double now() {
  return Seconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// The loop that a user would write, without Runnable and Arm.
class HandWritten {
public:
  HandWritten(const Unit& unit, const std::vector<c10::IValue>& inputs)
      : code_(unit.graph()->copy(), "by hand"), arguments_(unit.stack(inputs)) {}
  double seconds_a_call(size_t calls) {
    const at::NoGradGuard no_grad;
    const jit::GraphOptimizerEnabledGuard as_it_stands(false);
    const double start = now();
    for (size_t i = 0; i < calls; ++i) {
      stack_ = arguments_;
      jit::InterpreterState(code_).run(stack_);
    }
    return (now() - start) / static_cast<double>(calls);
  }

private:
  jit::Code code_;
  jit::Stack arguments_;
  jit::Stack stack_;
};

double slot_seconds_a_call(const Arm& arm, const SlotShape& shape, Clock& clock) {
  return 1e-9 * static_cast<double>(run_slot(arm, 0, shape, clock).wall_ns) / static_cast<double>(shape.calls());
}

double harness_ns_a_call() {
  SteadyClock clock;
  volatile int calls = 0;
  const Arm empty{[&calls] { calls = calls + 1; }, {}};
  std::vector<double> costs;
  for (int i = 0; i < 200; ++i) {
    costs.push_back(1e9 * slot_seconds_a_call(empty, {.samples = 1000}, clock));
  }
  return median(costs);
}

// Both loops, newly created in random order, because the placement of memory alone changes times by a per cent.
struct Loops {
  Loops(const BenchTarget& target, Random& random) {
    for (const size_t turn : random_order(2, random)) {
      if (turn == 0) {
        hand = std::make_unique<HandWritten>(target.open(), target.inputs);
      } else {
        arm = make_arm(target, make_variant(target, {}));
      }
    }
    hand->seconds_a_call(20);
    slot_seconds_a_call(arm, {.samples = 20}, clock);
  }
  double seconds_a_call(size_t turn, const SlotShape& shape) {
    return turn == 0 ? hand->seconds_a_call(shape.calls()) : slot_seconds_a_call(arm, shape, clock);
  }
  std::unique_ptr<HandWritten> hand;
  Arm arm;
  SteadyClock clock;
};

struct Pairs {
  std::vector<double> by_hand;    // seconds per call
  std::vector<double> log_ratios; // bench over hand-written
};

// Runs A B B A, and takes the smaller of the two turns of each.
Pairs measure_pairs(Loops& loops, const SlotShape& shape, Random& random) {
  Pairs pairs;
  for (int pair = 0; pair < pairs_a_round; ++pair) {
    double times[2] = {1e9, 1e9};
    for (const size_t turn : balanced_order(2, random)) {
      times[turn] = std::min(times[turn], loops.seconds_a_call(turn, shape));
    }
    pairs.by_hand.push_back(times[0]);
    pairs.log_ratios.push_back(std::log(times[1] / times[0]));
  }
  return pairs;
}

// The slots that bench would use, but 5 ms long: a hand-written loop does not read the clock around every call.
SlotShape shape_for(double call_seconds) {
  SlotShape shape = choose_slot({call_seconds}, 60);
  const double sample = call_seconds * static_cast<double>(shape.calls_per_sample);
  shape.samples = static_cast<size_t>(std::max(1.0, std::ceil(0.005 / sample)));
  shape.washout = false;
  return shape;
}

int compare_loops(const std::string& file, int rounds, const std::vector<std::string>& inputs) {
  const ModelSource source(Bytes::open(file));
  BenchTarget target;
  target.open = [&] { return Unit::of_module(source.instantiate(), "forward"); };
  target.inputs =
      make_inputs({.inputs = inputs, .file = "", .seed = 0, .device = c10::kCPU}, target.open().schema(), nullptr);
  Random random(1);
  SlotShape shape;
  std::vector<double> by_hand;
  std::vector<double> estimates;
  for (int round = 0; round < rounds; ++round) {
    Loops loops(target, random);
    shape = round == 0 ? shape_for(loops.hand->seconds_a_call(20)) : shape;
    const Pairs pairs = measure_pairs(loops, shape, random);
    by_hand.insert(by_hand.end(), pairs.by_hand.begin(), pairs.by_hand.end());
    estimates.push_back(hodges_lehmann(pairs.log_ratios));
  }
  const Interval interval = t_interval(estimates, 0.95);
  const double harness = harness_ns_a_call() / static_cast<double>(shape.calls_per_sample);
  const double seconds = median(by_hand);
  std::printf("%s: %.4f ms a call by hand, %d thread(s), %d rounds of %d pairs of %zu calls\n", file.c_str(),
              1e3 * seconds, at::get_num_threads(), rounds, pairs_a_round, shape.calls());
  std::printf("  bench over the hand-written loop: %+.3f %% [%+.3f, %+.3f]\n", 100 * std::expm1(interval.estimate),
              100 * std::expm1(interval.low), 100 * std::expm1(interval.high));
  std::printf("  of which the timed slot itself: %.0f ns a call, %.4f %%\n", harness, 100 * harness * 1e-9 / seconds);
  return 0;
}

} // namespace
} // namespace tsir

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: overhead MODEL.pt [ROUNDS [INPUT...]]\n", stderr);
    return 2;
  }
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  at::set_num_threads(1);
  try {
    const int rounds = argc > 2 ? std::max(2, std::atoi(argv[2])) : 10;
    return tsir::compare_loops(argv[1], rounds, std::vector<std::string>(argv + std::min(argc, 3), argv + argc));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "overhead: %s\n", tsir::one_line(error).c_str());
    return 1;
  }
}
