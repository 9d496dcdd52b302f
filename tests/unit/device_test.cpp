#include "lib/base/error.h"
#include "lib/run/device.h"

#include <ATen/Context.h>
#include <gtest/gtest.h>

namespace tsir {
namespace {

std::string error_of(const std::string& name) {
  try {
    parse_device(name);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    return error.what();
  }
  return "no error";
}

TEST(Device, CpuByItsNames) {
  EXPECT_EQ(parse_device("cpu"), c10::Device(c10::kCPU));
  EXPECT_EQ(parse_device("cpu:0"), c10::Device(c10::kCPU));
}

TEST(Device, NamesThatAreNone) {
  for (const std::string name : {"", "gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:99999999999", "cuda:0:0"}) {
    EXPECT_NE(error_of(name).find("is not a device"), std::string::npos) << name << ": " << error_of(name);
  }
  EXPECT_NE(error_of("cpu:1").find("there is only one cpu"), std::string::npos);
  EXPECT_NE(error_of("meta").find("holds no values"), std::string::npos);
}

TEST(Device, AbsentDevicesSayWhy) {
  if (at::globalContext().hasCUDA()) {
    EXPECT_EQ(parse_device("cuda").index(), 0);
  } else {
    EXPECT_NE(error_of("cuda").find("no CUDA device: this LibTorch"), std::string::npos) << error_of("cuda");
  }
  EXPECT_NE(error_of("cuda:100").find("no "), std::string::npos);
}

} // namespace
} // namespace tsir
