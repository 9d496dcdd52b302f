#include "lib/run/libtorch_build.h"

#include <ATen/Version.h>
#include <fmt/format.h>
#include <torch/csrc/jit/tensorexpr/codegen.h>

#include <dlfcn.h>
#include <filesystem>
#include <link.h>
#include <regex>

namespace tsir {
namespace {

std::string first_match(std::string_view text, const char* expression) {
  std::cmatch match;
  return std::regex_search(text.data(), text.data() + text.size(), match, std::regex(expression)) ? match[1].str() : "";
}

// An entry of the build settings, "CUDA_VERSION=13.0, ". Unset ones are absent or say OFF or 0.
std::string setting_of(std::string_view config, const std::string& name) {
  return first_match(config, fmt::format("[ ,]{}=([^,\\n]*)", name).c_str());
}

std::string loaded_file(const char* library) {
  void* handle = ::dlopen(library, RTLD_LAZY | RTLD_NOLOAD);
  if (handle == nullptr) {
    return "";
  }
  std::string file;
  link_map* loaded = nullptr;
  if (::dlinfo(handle, RTLD_DI_LINKMAP, &loaded) == 0) {
    file = loaded->l_name;
  }
  ::dlclose(handle);
  std::error_code failed;
  const auto resolved = std::filesystem::canonical(file, failed);
  return failed ? file : resolved.string();
}

} // namespace

bool nnc_has_llvm() {
  try {
    return static_cast<bool>(jit::tensorexpr::RegisterCodeGenList::GetInstance().FindStmtFactoryMethod("llvm_codegen"));
  } catch (const std::exception&) { // LibTorch throws if none is registered
    return false;
  }
}

LibTorchBuild libtorch_build_of(std::string_view config) {
  LibTorchBuild build;
  build.version = setting_of(config, "TORCH_VERSION");
  build.cuda = setting_of(config, "CUDA_VERSION");
  build.mkl = first_match(config, "Math Kernel Library Version ([0-9.]+)");
  build.onednn = first_match(config, "MKL-DNN v([0-9.]+)");
  return build;
}

LibTorchBuild libtorch_build() {
  LibTorchBuild build = libtorch_build_of(at::show_config());
  build.llvm = nnc_has_llvm();
  build.file = loaded_file("libtorch_cpu.so");
  return build;
}

std::string build_text(const LibTorchBuild& build) {
  const auto part = [](const char* name, const std::string& version) {
    return version.empty() ? fmt::format("no {}", name) : fmt::format("{} {}", name, version);
  };
  return fmt::format("{}, {}, {}, NNC {} LLVM", build.cuda.empty() ? "CPU only" : "CUDA " + build.cuda,
                     part("MKL", build.mkl), part("oneDNN", build.onednn), build.llvm ? "with" : "without");
}

nlohmann::ordered_json build_json(const LibTorchBuild& build) {
  const auto text_or_null = [](const std::string& text) {
    return text.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(text);
  };
  return {{"version", text_or_null(build.version)},
          {"cuda", text_or_null(build.cuda)},
          {"mkl", text_or_null(build.mkl)},
          {"onednn", text_or_null(build.onednn)},
          {"llvm", build.llvm},
          {"file", text_or_null(build.file)}};
}

} // namespace tsir
