#include "lib/process/sleeping_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace tsir {
namespace {

TEST(SleepingThreads, AreWaitedFor) {
  std::atomic<bool> spin = true;
  std::thread spinning([&] {
    while (spin) {
    }
  });
  EXPECT_FALSE(wait_until_others_sleep(std::chrono::milliseconds(20))) << "it spins for longer than the limit";
  std::thread ending([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    spin = false;
  });
  EXPECT_TRUE(wait_until_others_sleep(std::chrono::seconds(60)));
  EXPECT_FALSE(spin);
  ending.join();
  spinning.join();
  EXPECT_TRUE(wait_until_others_sleep(std::chrono::seconds(60)));
}

} // namespace
} // namespace tsir
