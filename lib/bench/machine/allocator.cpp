#include "lib/bench/machine/allocator.h"

#include "lib/compat/libtorch.h"

#include <c10/core/CPUAllocator.h>

#include <atomic>
#include <limits>
#include <malloc.h>

namespace tsir {
namespace {

constexpr size_t line = 64;     // bytes of a cache line, and the alignment that LibTorch promises
constexpr uint64_t places = 64; // at which a block may begin, within one page

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

// xorshift: costs only a few instructions per allocation.
uint64_t next_random() {
  thread_local uint64_t state = 0x9E3779B97F4A7C15U ^ reinterpret_cast<uintptr_t>(&state);
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
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

class ShakingAllocator final : public c10::Allocator {
public:
  explicit ShakingAllocator(bool shake) : shake_(shake) {}

  c10::DataPtr allocate(size_t size) override {
    if (size == 0) { // LibTorch then allocates no memory and frees none
      return {nullptr, nullptr, &give_back, c10::Device(c10::DeviceType::CPU)};
    }
    const size_t before = line * (1 + (shake_ ? next_random() % places : 0));
    char* start = static_cast<char*>(libtorchs->raw_allocate(size + before));
    char* data = start + before;
    new (data - line) Header{start, size};
    if (counting.load(std::memory_order_relaxed)) {
      count(size);
    }
    return {data, data, &give_back, c10::Device(c10::DeviceType::CPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &give_back; }
  void copy_data(void* to, const void* from, size_t size) const override { default_copy_data(to, from, size); }

private:
  bool shake_;
};

} // namespace

void install_allocator(bool shake) {
  static ShakingAllocator allocator(shake);
  if (libtorchs == nullptr) {
    libtorchs = c10::GetCPUAllocator();
    c10::SetCPUAllocator(&allocator);
  }
}

MemoryUse measure_memory(const std::function<void()>& work) {
  allocations = 0;
  allocated = 0;
  live = 0;
  peak = 0;
  counting = true;
  try {
    work();
  } catch (...) {
    counting = false;
    throw;
  }
  counting = false;
  return {allocations, allocated, peak};
}

void keep_freed_memory() {
  constexpr int largest_threshold = 32 << 20; // the most that glibc accepts
  ::mallopt(M_MMAP_THRESHOLD, largest_threshold);
  ::mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
}

} // namespace tsir
