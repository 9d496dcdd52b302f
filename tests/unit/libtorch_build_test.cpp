// What LibTorch tells of itself, from texts of several builds.
#include "lib/run/libtorch_build.h"

#include "lib/compat/versions.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

TEST(LibTorchBuildTest, ReadsABuildForCpus) {
  const LibTorchBuild build = libtorch_build_of(
      "PyTorch built with:\n  - GCC 13.3\n  - C++ Version: 202002\n"
      "  - Intel(R) oneAPI Math Kernel Library Version 2024.2-Product Build 20240605 for Intel(R) 64 architecture\n"
      "  - Intel(R) MKL-DNN v3.11.2 (Git Hash 3ae3a37a)\n  - OpenMP 201511 (a.k.a. OpenMP 4.5)\n"
      "  - Build settings: BLAS_INFO=mkl, BUILD_TYPE=Release, COMMIT_SHA=cf30, TORCH_VERSION=2.13.0, USE_CUDA=0, \n");
  EXPECT_EQ(build.version, "2.13.0");
  EXPECT_EQ(build.cuda, "");
  EXPECT_EQ(build.mkl, "2024.2");
  EXPECT_EQ(build.onednn, "3.11.2");
  EXPECT_EQ(build_text(build), "CPU only, MKL 2024.2, oneDNN 3.11.2, NNC without LLVM");
}

TEST(LibTorchBuildTest, ReadsABuildForCuda) {
  LibTorchBuild build =
      libtorch_build_of("PyTorch built with:\n  - Build settings: BLAS_INFO=open, BUILD_TYPE=Release, "
                        "CUDA_VERSION=13.0, CUDNN_VERSION=9.13.0, TORCH_VERSION=2.11.0");
  EXPECT_EQ(build.version, "2.11.0");
  EXPECT_EQ(build.cuda, "13.0");
  build.llvm = true;
  EXPECT_EQ(build_text(build), "CUDA 13.0, no MKL, no oneDNN, NNC with LLVM");
  EXPECT_EQ(build_json(build).dump(),
            R"({"version":"2.11.0","cuda":"13.0","mkl":null,"onednn":null,"llvm":true,"file":null})");
}

TEST(LibTorchBuildTest, KnowsTheOneThatIsLoaded) {
  const LibTorchBuild build = libtorch_build();
  EXPECT_EQ(build.version, libtorch_version());
  EXPECT_TRUE(build.file.ends_with("/libtorch_cpu.so")) << build.file;
  EXPECT_TRUE(std::filesystem::is_regular_file(build.file)) << build.file;
  EXPECT_EQ(build.llvm, nnc_has_llvm());
}

} // namespace
} // namespace tsir
