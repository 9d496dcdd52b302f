#include "lib/bench/machine/device_samples.h"

#include <c10/core/Event.h>
#include <c10/core/impl/VirtualGuardImpl.h>

namespace tsir {

// Events are made once and recorded again and again, because making one calls the driver.
struct DeviceSamples::Events {
  std::vector<c10::Event> all;
};

DeviceSamples::DeviceSamples(c10::Device device) : device_(device), events_(std::make_unique<Events>()) {}
DeviceSamples::~DeviceSamples() = default;

void DeviceSamples::take(const std::function<void()>& enqueue, std::span<double> sample_ns, size_t calls_per_sample) {
  constexpr double ns_per_ms = 1e6;
  std::vector<c10::Event>& events = events_->all;
  while (events.size() < sample_ns.size() + 1) {
    events.emplace_back(device_.type(), c10::EventFlag::BACKEND_DEFAULT); // with timing, unlike PYTORCH_DEFAULT
  }
  const c10::Stream stream = c10::impl::VirtualGuardImpl(device_.type()).getStream(device_);
  const auto start = std::chrono::steady_clock::now();
  events[0].record(stream);
  for (size_t i = 0; i < sample_ns.size(); ++i) {
    for (size_t call = 0; call < calls_per_sample; ++call) {
      enqueue();
    }
    events[i + 1].record(stream);
  }
  enqueue_ns_ = std::chrono::nanoseconds(std::chrono::steady_clock::now() - start).count();
  events[sample_ns.size()].synchronize();
  for (size_t i = 0; i < sample_ns.size(); ++i) {
    sample_ns[i] = events[i].elapsedTime(events[i + 1]) * ns_per_ms / static_cast<double>(calls_per_sample);
  }
}

} // namespace tsir
