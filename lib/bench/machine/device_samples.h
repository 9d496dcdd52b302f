// Lets a device time calls itself, with events on its current stream.
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

  // `enqueue` enqueues the work of one call without waiting for it. There is an event before the first sample and after
  // each sample; the device is waited for once, at the end. Fills each sample with the nanoseconds per call between its
  // events. This time between the ends of calls includes the device's idle time if the host cannot keep up.
  void take(const std::function<void()>& enqueue, std::span<double> sample_ns, size_t calls_per_sample);
  // The time that the host needed to enqueue the work of the last take().
  int64_t enqueue_ns() const { return enqueue_ns_; }

private:
  struct Events;
  c10::Device device_;
  std::unique_ptr<Events> events_;
  int64_t enqueue_ns_ = 0;
};

} // namespace tsir
