// Times the graph, and the graph with work added, as two benchmarks of google/benchmark.
//
//   google WORK.ir PER_MILLE [--benchmark_…]
#include "work.h"

#include <benchmark/benchmark.h>

int main(int argc, char** argv) {
  at::set_num_threads(1);
  benchmark::Initialize(&argc, argv);
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s WORK.ir PER_MILLE [--benchmark_…]\n", argv[0]);
    return 2;
  }
  head_to_head::Work one(argv[1], 0);
  head_to_head::Work other(argv[1], std::stoi(argv[2]));
  const auto time = [](benchmark::State& state, head_to_head::Work& work) {
    for (auto _ : state) {
      work();
    }
  };
  benchmark::RegisterBenchmark("one", [&](benchmark::State& state) { time(state, one); })->UseRealTime();
  benchmark::RegisterBenchmark("other", [&](benchmark::State& state) { time(state, other); })->UseRealTime();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
