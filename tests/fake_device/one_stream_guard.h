// What LibTorch asks of a device that has one index and one stream. Events are for the classes that derive from it.
#pragma once

#include <c10/core/impl/DeviceGuardImplInterface.h>

namespace tsir {

struct OneStreamGuard : c10::impl::DeviceGuardImplInterface {
  static constexpr c10::DeviceType fake = c10::DeviceType::PrivateUse1;

  c10::DeviceType type() const override { return fake; }
  c10::Device exchangeDevice(c10::Device) const override { return {fake, 0}; }
  c10::Device getDevice() const override { return {fake, 0}; }
  void setDevice(c10::Device) const override {}
  void uncheckedSetDevice(c10::Device) const noexcept override {}
  c10::Stream getStream(c10::Device device) const noexcept override {
    return c10::Stream(c10::Stream::DEFAULT, device);
  }
  c10::Stream exchangeStream(c10::Stream stream) const noexcept override { return stream; }
  c10::DeviceIndex deviceCount() const noexcept override { return 1; }
  bool queryEvent(void*) const override { return true; }
};

} // namespace tsir
