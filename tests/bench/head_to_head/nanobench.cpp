// Compares the graph with itself with work added, by nanobench's compare(). Prints the ratio of the times, its
// interval, and whether nanobench calls it significant.
//
//   nanobench WORK.ir PER_MILLE ROUNDS
#include "work.h"

#define ANKERL_NANOBENCH_IMPLEMENT
#include <nanobench.h>

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: %s WORK.ir PER_MILLE ROUNDS\n", argv[0]);
    return 2;
  }
  at::set_num_threads(1);
  head_to_head::Work one(argv[1], 0);
  head_to_head::Work other(argv[1], std::stoi(argv[2]));
  const auto result = ankerl::nanobench::Bench()
                          .output(nullptr)
                          .warmup(20)
                          .epochs(static_cast<size_t>(std::stoi(argv[3])))
                          .compare("one", one, "other", other);
  // nanobench reports speeds relative to the baseline.
  std::printf("%.6f %.6f %.6f %d\n", 1 / result[1].relative, 1 / result[1].relativeHigh, 1 / result[1].relativeLow,
              result.isSignificant(1) ? 1 : 0);
  return 0;
}
