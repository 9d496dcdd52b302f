// The LibTorch that is loaded: its version, what it was built with, and where it is.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace tsir {

struct LibTorchBuild {
  std::string version; // "2.13.0"; "" if it does not tell
  std::string cuda;    // version of CUDA: "13.0"; "" for a build without
  std::string mkl;     // versions; "" for a build without
  std::string onednn;
  bool llvm = false; // nnc_has_llvm()
  std::string file;  // path of libtorch_cpu.so, without symbolic links; "" if it is linked statically
};

// Asks the LibTorch that this process has loaded.
LibTorchBuild libtorch_build();
// What at::show_config() tells: everything but `llvm` and `file`.
LibTorchBuild libtorch_build_of(std::string_view config);

// Whether NNC compiles fused groups for CPUs, which needs a LibTorch built with LLVM.
bool nnc_has_llvm();

// "CUDA 13.0, MKL 2024.2, oneDNN 3.11.2, NNC without LLVM".
std::string build_text(const LibTorchBuild& build);
nlohmann::ordered_json build_json(const LibTorchBuild& build);

} // namespace tsir
