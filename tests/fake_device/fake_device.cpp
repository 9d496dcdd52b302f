// A device that computes on the processor, for tests of what tsir does with a GPU:
//
//   tsir bench MODEL --load-library libtsir_fake_device.so --device fake
//
// It is LibTorch's device type for backends of others, with memory of its own, one stream and events that tell the
// time. Each operator copies its arguments to the CPU, runs there, and copies its results back.
#include "tests/fake_device/one_stream_guard.h"

#include <ATen/EmptyTensor.h>
#include <ATen/detail/PrivateUse1HooksInterface.h>
#include <ATen/native/CPUFallback.h>
#include <ATen/ops/_reshape_alias_native.h>
#include <ATen/ops/as_strided_native.h>
#include <ATen/ops/convolution.h>
#include <ATen/ops/convolution_backward.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/resize_native.h>
#include <ATen/ops/set_native.h>
#include <ATen/ops/view_native.h>
#include <c10/core/DeviceType.h>
#include <torch/library.h>

#include <chrono>
#include <cstdlib>

namespace {

constexpr c10::DeviceType fake = c10::DeviceType::PrivateUse1;

struct Memory final : c10::Allocator {
  c10::DataPtr allocate(size_t size) override {
    void* data = std::malloc(size);
    return {data, data, &std::free, c10::Device(fake, 0)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &std::free; }
  void copy_data(void* to, const void* from, size_t size) const override { default_copy_data(to, from, size); }
};

Memory memory;

struct Hooks final : at::PrivateUse1HooksInterface {
  // Virtual since LibTorch 2.6, so without `override`.
  bool isBuilt() const { return true; }     // NOLINT(modernize-use-override)
  bool isAvailable() const { return true; } // NOLINT(modernize-use-override)
  bool hasPrimaryContext(c10::DeviceIndex) const override { return true; }
  void resizePrivateUse1Bytes(const c10::Storage& storage, size_t size) const override {
    c10::DataPtr data = memory.allocate(size);
    memory.copy_data(data.get(), storage.data(), std::min(size, storage.nbytes()));
    storage.unsafeGetStorageImpl()->set_data_ptr_noswap(std::move(data));
    storage.unsafeGetStorageImpl()->set_nbytes(size);
  }
};

using Time = std::chrono::steady_clock::time_point;

// All work is done when it is enqueued, so there is nothing to wait for.
struct Guard final : tsir::OneStreamGuard {
  bool queryStream(const c10::Stream&) const override { return true; }
  void synchronizeStream(const c10::Stream&) const override {}
  void record(void** event, const c10::Stream&, const c10::DeviceIndex, const c10::EventFlag) const override {
    if (*event == nullptr) {
      *event = new Time;
    }
    *static_cast<Time*>(*event) = std::chrono::steady_clock::now();
  }
  void destroyEvent(void* event, const c10::DeviceIndex) const noexcept override { delete static_cast<Time*>(event); }
  void synchronizeEvent(void*) const override {}
  double elapsedTime(void* begin, void* end, const c10::DeviceIndex) const override {
    return std::chrono::duration<double, std::milli>(*static_cast<Time*>(end) - *static_cast<Time*>(begin)).count();
  }
};

at::Tensor empty(at::IntArrayRef size, std::optional<at::ScalarType> dtype, std::optional<at::Layout>,
                 std::optional<at::Device>, std::optional<bool>, std::optional<at::MemoryFormat> format) {
  return at::detail::empty_generic(size, &memory, c10::DispatchKeySet(c10::DispatchKey::PrivateUse1),
                                   c10::dtype_or_default(dtype), format);
}

at::Tensor empty_strided(at::IntArrayRef size, at::IntArrayRef stride, std::optional<at::ScalarType> dtype,
                         std::optional<at::Layout>, std::optional<at::Device>, std::optional<bool>) {
  return at::detail::empty_strided_generic(size, stride, &memory, c10::DispatchKeySet(c10::DispatchKey::PrivateUse1),
                                           c10::dtype_or_default(dtype));
}

// The same memory as a tensor of the CPU.
at::Tensor on_cpu(const at::Tensor& tensor) {
  return tensor.is_cpu() ? tensor
                         : at::from_blob(tensor.data_ptr(), tensor.sizes(), tensor.strides(),
                                         at::TensorOptions().dtype(tensor.dtype()));
}

at::Tensor copy_from(const at::Tensor& from, const at::Tensor& to, bool) {
  on_cpu(to).copy_(on_cpu(from));
  return to;
}

at::Tensor resize_and_copy_from(const at::Tensor& from, const at::Tensor& to) {
  to.resize_(from.sizes());
  return copy_from(from, to, false);
}

at::Tensor& set_storage(at::Tensor& tensor, at::Storage source, int64_t offset, at::IntArrayRef size,
                        at::IntArrayRef stride) {
  return at::native::set_storage_cpu_(tensor, std::move(source), offset, size, stride);
}

// Backends must have convolutions of their own.
at::Tensor convolution(const at::Tensor& input, const at::Tensor& weight, const std::optional<at::Tensor>& bias,
                       at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed,
                       at::IntArrayRef output_padding, int64_t groups) {
  const auto bias_on_cpu = bias && bias->defined() ? std::optional(on_cpu(*bias)) : std::nullopt;
  return at::convolution(on_cpu(input), on_cpu(weight), bias_on_cpu, stride, padding, dilation, transposed,
                         output_padding, groups)
      .to(fake);
}

using Gradients = std::tuple<at::Tensor, at::Tensor, at::Tensor>;
Gradients convolution_backward(const at::Tensor& gradient, const at::Tensor& input, const at::Tensor& weight,
                               at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation,
                               bool transposed, at::IntArrayRef output_padding, int64_t groups,
                               std::array<bool, 3> wanted) {
  const std::vector<int64_t> bias_sizes = {transposed ? weight.size(1) * groups : weight.size(0)};
  const auto [of_input, of_weight, of_bias] =
      at::convolution_backward(on_cpu(gradient), on_cpu(input), on_cpu(weight), at::OptionalIntArrayRef(bias_sizes),
                               stride, padding, dilation, transposed, output_padding, groups, wanted);
  const auto back = [](const at::Tensor& tensor) { return tensor.defined() ? tensor.to(fake) : tensor; };
  return {back(of_input), back(of_weight), back(of_bias)};
}

void run_on_cpu(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  at::native::cpu_fallback(op, stack);
}

Hooks hooks;
Guard guard;
const c10::impl::DeviceGuardImplRegistrar registered_guard(fake, &guard);
const bool registered = [] {
  c10::register_privateuse1_backend("fake"); // its name, and without one there are no gradients on it
  c10::SetAllocator(fake, &memory);
  at::RegisterPrivateUse1HooksInterface(&hooks);
  return true;
}();

} // namespace

TORCH_LIBRARY_IMPL(aten, PrivateUse1, library) {
  library.impl("empty.memory_format", &empty);
  library.impl("empty_strided", &empty_strided);
  library.impl("as_strided", &at::native::as_strided_tensorimpl);
  library.impl("resize_", &at::native::resize_);
  library.impl("view", &at::native::view);
  library.impl("_reshape_alias", &at::native::_reshape_alias);
  library.impl("set_.source_Storage_storage_offset", &set_storage);
  library.impl("convolution_overrideable", &convolution);
  library.impl("convolution_backward_overrideable", &convolution_backward);
  library.impl("_copy_from", &copy_from);
  library.impl("_copy_from_and_resize", &resize_and_copy_from);
}

TORCH_LIBRARY_IMPL(_, PrivateUse1, library) {
  library.fallback(torch::CppFunction::makeFromBoxedFunction<&run_on_cpu>());
}
