// Calls as a device times them itself, by events on its current stream.
#pragma once

#include "lib/compat/libtorch.h"

#include <span>
#include <vector>

namespace tsir {

class DeviceSamples {
public:
  explicit DeviceSamples(c10::Device device);
  ~DeviceSamples();
  DeviceSamples(const DeviceSamples&) = delete;
  DeviceSamples& operator=(const DeviceSamples&) = delete;

  // `enqueue` hands the work of one call over without waiting for it. An event stands before the first sample and after
  // each; the device is waited for once, at the end. Fills each sample with nanoseconds a call between its events: the
  // time between the ends of calls, which holds the device's idle time where the host cannot keep up.
  void take(const std::function<void()>& enqueue, std::span<double> sample_ns, size_t calls_per_sample);
  // Of the last take: how long the host was busy handing over.
  int64_t enqueue_ns() const { return enqueue_ns_; }

private:
  struct Events;
  c10::Device device_;
  std::unique_ptr<Events> events_;
  int64_t enqueue_ns_ = 0;
};

} // namespace tsir
