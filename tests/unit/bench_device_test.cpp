// Times measured by a device, with a device that exists only in this test, and data from an NVIDIA driver.
#include "lib/bench/machine/device_samples.h"
#include "lib/bench/machine/gpu_watch.h"
#include "lib/bench/timing/slot.h"
#include "tests/fake_device/one_stream_guard.h"
#include "tests/unit/bench_clock.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

constexpr c10::DeviceType fake = c10::DeviceType::PrivateUse1;
double device_ms = 0; // the device's clock
size_t waits = 0;

// A device with one stream. Its events record when they were recorded.
struct FakeGuard final : OneStreamGuard {
  void record(void** event, const c10::Stream&, const c10::DeviceIndex, const c10::EventFlag flag) const override {
    EXPECT_EQ(flag, c10::EventFlag::BACKEND_DEFAULT) << "an event without timing gives no times";
    if (*event == nullptr) {
      *event = new double(0);
    }
    *static_cast<double*>(*event) = device_ms;
  }
  void destroyEvent(void* event, const c10::DeviceIndex) const noexcept override { delete static_cast<double*>(event); }
  void synchronizeEvent(void*) const override { ++waits; }
  double elapsedTime(void* begin, void* end, const c10::DeviceIndex) const override {
    return *static_cast<double*>(end) - *static_cast<double*>(begin);
  }
};

class DeviceTimes : public ::testing::Test {
protected:
  static void SetUpTestSuite() { static const c10::impl::DeviceGuardImplRegistrar registrar(fake, new FakeGuard()); }
};

TEST_F(DeviceTimes, AreTheDevicesOwnWithOneWaitASlot) {
  DeviceSamples samples({fake, 0});
  double next = 1;
  std::vector<double> times(3);
  waits = 0;
  samples.take([&] { device_ms += next++; }, times, 2);
  EXPECT_EQ(times, (std::vector<double>{1.5e6, 3.5e6, 5.5e6})) << "means of 1 and 2, 3 and 4, 5 and 6 ms";
  EXPECT_EQ(waits, 1U);
  EXPECT_GT(samples.enqueue_ns(), 0);
  std::vector<double> fewer(1);
  samples.take([&] { device_ms += 8; }, fewer, 1);
  EXPECT_EQ(fewer, std::vector<double>{8e6}) << "events are used again";
}

TEST_F(DeviceTimes, AreInTheSlotWithTheHosts) {
  SyntheticClock clock(1);
  DeviceSamples samples({fake, 0});
  Arm arm{[] {}};
  arm.take_samples = [&](std::span<double> times, size_t calls) {
    samples.take([] { device_ms += 2; }, times, calls);
    clock.work(0.5); // until the device is done
  };
  arm.own_calls = [] { return OwnCalls{.made = 0, .enqueue_ns = 7}; };
  const Slot slot = run_slot(arm, 0, {.samples = 4, .calls_per_sample = 1}, clock);
  EXPECT_EQ(slot.median_ns, 2e6);
  EXPECT_EQ(slot.own.enqueue_ns, 7);
  EXPECT_NEAR(static_cast<double>(slot.wall_ns), 0.5e9, 0.1e9);
}

TEST(Gpu, TellsWhatTheDriverSays) {
  const auto hot = read_gpu(0, TSIR_FAKE_NVML);
  ASSERT_TRUE(hot);
  EXPECT_EQ(hot->name, "Hot GPU");
  EXPECT_EQ(hot->clock_mhz, 900U);
  EXPECT_EQ(slowdown_words(hot->slowed_by), "a power cap, heat");
  const auto cool = read_gpu(1, TSIR_FAKE_NVML);
  ASSERT_TRUE(cool);
  EXPECT_EQ(slowdown_words(cool->slowed_by), "");
  const auto notes = gpu_notes({*hot, *cool});
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_EQ(notes[0], "Hot GPU: clock 900 to 1900 of 1980 MHz, up to 91 °C");
  EXPECT_NE(notes[1].find("slowed down by a power cap, heat in 1 of 2 samples"), std::string::npos) << notes[1];
  EXPECT_EQ(gpu_notes({*cool}).size(), 1U);
}

TEST(Gpu, IsNotThereWithoutItsDriver) {
  EXPECT_FALSE(read_gpu(2, TSIR_FAKE_NVML));
  EXPECT_FALSE(read_gpu(0, "libno-such-driver.so.1"));
  EXPECT_TRUE(gpu_notes({}).empty());
  GpuWatch watch(std::nullopt);
  watch.sample();
  EXPECT_TRUE(watch.notes().empty());
}

} // namespace
} // namespace tsir
