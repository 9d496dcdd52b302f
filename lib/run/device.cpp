#include "lib/run/device.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/compat/versions.h"

#include <ATen/Context.h>
#include <c10/core/impl/VirtualGuardImpl.h>

namespace tsir {
namespace {

c10::Device device_by_name(const std::string& name) {
  try {
    return c10::Device(name);
  } catch (const std::exception&) {
    throw Error(
        ErrorKind::usage,
        fmt::format("\"{}\" is not a device: use cpu, cuda, cuda:1, mps, xpu or another of LibTorch's names", name));
  }
}

// Returns the number of devices of this type; throws if there is none.
c10::DeviceIndex count_devices(c10::DeviceType type) {
  const std::string title = c10::DeviceTypeName(type);
  if (!c10::impl::hasDeviceGuardImpl(type)) {
    throw Error(ErrorKind::usage, fmt::format("no {} device: this LibTorch ({}) is built without {}; use {} cpu", title,
                                              libtorch_version(), title, spelled(Setting::device)));
  }
  const c10::DeviceIndex count = c10::impl::VirtualGuardImpl(type).deviceCount();
  if (count <= 0) {
    throw Error(ErrorKind::usage,
                fmt::format("no {} device: this LibTorch ({}) has {}, but the machine shows no usable "
                            "device or driver; use {} cpu",
                            title, libtorch_version(), title, spelled(Setting::device)));
  }
  return count;
}

} // namespace

c10::Device parse_device(const std::string& name) {
  c10::Device device = device_by_name(name);
  if (device.is_cpu()) {
    if (device.index() > 0) {
      throw Error(ErrorKind::usage,
                  fmt::format("no device {}: there is only one cpu; see {}", name, spelled(Setting::threads)));
    }
    return c10::kCPU;
  }
  if (device.is_meta()) {
    throw Error(ErrorKind::usage,
                "device meta holds no values, so nothing can run on it; use " + spelled(Setting::device) + " cpu");
  }
  const c10::DeviceIndex count = count_devices(device.type());
  if (device.index() >= count) {
    throw Error(ErrorKind::usage,
                fmt::format("no device {}: this machine has {} of that kind, from index 0", name, count));
  }
  try {
    init_device(device.type());
    if (!device.has_index()) {
      device.set_index(c10::impl::VirtualGuardImpl(device.type()).getDevice().index());
    }
  } catch (const std::exception& error) {
    throw Error(ErrorKind::usage, fmt::format("device {} cannot be used: {}", name, one_line(error)));
  }
  return device;
}

std::vector<std::string> usable_devices() {
  std::vector<std::string> names;
  for (int i = 0; i < static_cast<int>(c10::DeviceType::COMPILE_TIME_MAX_DEVICE_TYPES); ++i) {
    const auto type = static_cast<c10::DeviceType>(i);
    if (type != c10::DeviceType::CPU && type != c10::DeviceType::Meta && c10::impl::hasDeviceGuardImpl(type) &&
        c10::impl::VirtualGuardImpl(type).deviceCount() > 0) {
      names.push_back(c10::DeviceTypeName(type, true));
    }
  }
  return names;
}

void synchronize(c10::Device device) {
  if (device.is_cpu()) {
    return;
  }
  const c10::impl::VirtualGuardImpl guard(device.type());
  guard.synchronizeStream(guard.getStream(device));
}

} // namespace tsir
