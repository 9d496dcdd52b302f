// A small library of custom operators and a custom class, for the tests of --load-library.
#include <ATen/ATen.h>
#include <torch/custom_class.h>
#include <torch/library.h>

namespace {

at::Tensor scale_and_shift(const at::Tensor& x, double scale, double shift) {
  return x * scale + shift;
}

// Counts its calls.
struct Counter : torch::CustomClassHolder {
  explicit Counter(int64_t start) : count(start) {}
  int64_t next() { return ++count; }
  int64_t count;
};

} // namespace

TORCH_LIBRARY(tsir_test, library) {
  library.def("scale_and_shift(Tensor x, float scale, float shift) -> Tensor", &scale_and_shift);
  library.class_<Counter>("Counter")
      .def(torch::init<int64_t>())
      .def("next", &Counter::next)
      .def_pickle([](const c10::intrusive_ptr<Counter>& self) { return self->count; },
                  [](int64_t count) { return c10::make_intrusive<Counter>(count); });
}
