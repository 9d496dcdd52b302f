// Memory is counted without changing where tensors lie while anything is timed.
#include "lib/bench/machine/allocator.h"

#include <ATen/ATen.h>
#include <c10/core/CPUAllocator.h>
#include <gtest/gtest.h>

namespace tsir {
namespace {

TEST(BenchMemory, CountsWhatTheWorkAllocates) {
  at::Tensor kept;
  const MemoryUse use = measure_memory([&] {
    kept = at::empty({1000}, at::kFloat);
    at::empty({500}, at::kFloat);
  });
  EXPECT_EQ(use.allocations, 2);
  EXPECT_EQ(use.allocated_bytes, 6000);
  EXPECT_EQ(use.peak_bytes, 6000);
  kept.fill_(1); // still valid, and freed as it was allocated
}

// Another allocator would put tensors at other places than they have in the user's program, and so change times.
TEST(BenchMemory, LibTorchsAllocatorIsBackAfterwards) {
  const c10::Allocator* const before = c10::GetCPUAllocator();
  measure_memory([&] { EXPECT_NE(c10::GetCPUAllocator(), before); });
  EXPECT_EQ(c10::GetCPUAllocator(), before);
  EXPECT_THROW(measure_memory([] { throw std::runtime_error("stop"); }), std::runtime_error);
  EXPECT_EQ(c10::GetCPUAllocator(), before);
}

} // namespace
} // namespace tsir
