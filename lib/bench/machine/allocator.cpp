#include "lib/bench/machine/allocator.h"

#include "lib/compat/libtorch.h"

#include <c10/core/CPUAllocator.h>

#include <atomic>
#include <limits>
#include <malloc.h>

namespace tsir {
namespace {

constexpr size_t line = 64; // bytes of a cache line, and the alignment that LibTorch promises

// Stored in the line before a block's first byte.
struct Header {
  void* start; // as returned by LibTorch's own allocator
  size_t size; // the requested size
};
static_assert(sizeof(Header) <= line);

std::atomic<bool> counting = false;
std::atomic<int64_t> allocations = 0;
std::atomic<int64_t> allocated = 0;
std::atomic<int64_t> live = 0;
std::atomic<int64_t> peak = 0;

void count(size_t size) {
  const auto bytes = static_cast<int64_t>(size);
  allocations.fetch_add(1, std::memory_order_relaxed);
  allocated.fetch_add(bytes, std::memory_order_relaxed);
  const int64_t now = live.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  int64_t most = peak.load(std::memory_order_relaxed);
  while (now > most && !peak.compare_exchange_weak(most, now, std::memory_order_relaxed)) {
  }
}

c10::Allocator* libtorchs = nullptr;

// raw_deleter() must return the same function that allocate() attaches.
void give_back(void* data) {
  if (data == nullptr) {
    return;
  }
  const auto* header = reinterpret_cast<const Header*>(static_cast<const char*>(data) - line);
  if (counting.load(std::memory_order_relaxed)) {
    live.fetch_sub(static_cast<int64_t>(header->size), std::memory_order_relaxed);
  }
  libtorchs->raw_deallocate(header->start);
}

class CountingAllocator final : public c10::Allocator {
public:
  c10::DataPtr allocate(size_t size) override {
    if (size == 0) { // LibTorch then allocates no memory and frees none
      return {nullptr, nullptr, &give_back, c10::Device(c10::DeviceType::CPU)};
    }
    char* start = static_cast<char*>(libtorchs->raw_allocate(size + line));
    char* data = start + line;
    new (start) Header{start, size};
    count(size);
    return {data, data, &give_back, c10::Device(c10::DeviceType::CPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &give_back; }
  void copy_data(void* to, const void* from, size_t size) const override { default_copy_data(to, from, size); }
};

// Counts while it exists. Only then does LibTorch use the allocator that counts, because it puts blocks at other places
// than LibTorch's own does, which would change the times of what is measured.
class Counting {
public:
  Counting() {
    static CountingAllocator allocator;
    libtorchs = c10::GetCPUAllocator();
    allocations = 0;
    allocated = 0;
    live = 0;
    peak = 0;
    counting = true;
    c10::SetCPUAllocator(&allocator);
  }
  ~Counting() {
    c10::SetCPUAllocator(libtorchs);
    counting = false;
  }
  Counting(const Counting&) = delete;
  Counting& operator=(const Counting&) = delete;
};

} // namespace

MemoryUse measure_memory(const std::function<void()>& work) {
  {
    const Counting scope;
    work();
  }
  return {allocations, allocated, peak};
}

void keep_freed_memory() {
  constexpr int largest_threshold = 32 << 20; // the most that glibc accepts
  ::mallopt(M_MMAP_THRESHOLD, largest_threshold);
  ::mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
}

void return_freed_memory() {
  ::malloc_trim(0);
}

} // namespace tsir
