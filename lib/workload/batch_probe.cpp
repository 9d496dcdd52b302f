#include "lib/workload/batch_probe.h"

#include "lib/run/state.h"

namespace tsir {
namespace {

bool has_first_dimension(const c10::IValue& value) {
  return value.isTensor() && value.toTensor().defined() && value.toTensor().dim() > 0;
}

// Copies of all tensors in `value`, each joined to itself. `size` receives the first dimension of the first of them.
c10::IValue doubled(const c10::IValue& value, int64_t& size) {
  if (has_first_dimension(value)) {
    const at::Tensor& tensor = value.toTensor();
    size = size == 0 ? tensor.size(0) : size;
    return at::cat({tensor, tensor});
  }
  if (value.isTuple()) {
    std::vector<c10::IValue> elements;
    for (const c10::IValue& element : value.toTupleRef().elements()) {
      elements.push_back(doubled(element, size));
    }
    return c10::ivalue::Tuple::create(std::move(elements));
  }
  c10::IValue copy = deep_copy(value);
  if (value.isList()) {
    auto list = copy.toList();
    for (size_t i = 0; i < list.size(); ++i) {
      list.set(i, doubled(list.get(i), size));
    }
  } else if (value.isGenericDict()) {
    for (const auto& entry : copy.toGenericDict()) {
      entry.setValue(doubled(entry.value(), size));
    }
  }
  return copy;
}

std::vector<at::Tensor> tensors_of(const c10::IValue& value) {
  std::vector<at::Tensor> tensors;
  value.visit([&](const c10::IValue& part) {
    if (has_first_dimension(part)) {
      tensors.push_back(part.toTensor());
    }
    return false;
  });
  return tensors;
}

// Why the outputs on doubled inputs do not continue those on the inputs; "" if they do.
std::string break_of(const std::vector<at::Tensor>& before, const std::vector<at::Tensor>& after) {
  if (before.size() != after.size()) {
    return fmt::format("it then returns {} tensors instead of {}", after.size(), before.size());
  }
  for (size_t i = 0; i < before.size(); ++i) {
    if (after[i].size(0) != 2 * before[i].size(0)) {
      return fmt::format("output {} then has {} in its first dimension, after {}", i, after[i].size(0),
                         before[i].size(0));
    }
    const auto first_half = after[i].narrow(0, 0, before[i].size(0));
    if (const Difference difference = compare(before[i], first_half); !difference.same) {
      return fmt::format("output {} then begins with other results: {}", i, difference.what);
    }
  }
  return "";
}

c10::IValue as_one(std::vector<c10::IValue> values) {
  return c10::ivalue::Tuple::create(std::move(values));
}

} // namespace

std::string probe_batch(const Workload& workload, const Warn& warn) {
  const Prepared prepared = prepare(workload, Pipeline(), {.run = true}, warn);
  const Runnable runnable(prepared.unit, Executor::as_is, workload.grad);
  int64_t size = 0;
  std::vector<c10::IValue> twice;
  for (const c10::IValue& input : *prepared.inputs()) {
    twice.push_back(doubled(input, size));
  }
  seed_generators(workload.inputs.seed);
  const auto before = tensors_of(as_one(deep_copies(runnable.run(deep_copies(*prepared.inputs())))));
  if (size == 0) {
    return "no input has a first dimension";
  }
  const std::string method = shown_method(workload.source, prepared.unit);
  const std::string runs = fmt::format("{} runs with {} in the first dimension of its inputs", method, size);
  try {
    seed_generators(workload.inputs.seed);
    const auto after = tensors_of(as_one(runnable.run(twice)));
    const std::string broken = break_of(before, after);
    return broken.empty() ? fmt::format("{} and with {}, with the same results", runs, 2 * size)
                          : fmt::format("fixed? {} and with {}, but {}", runs, 2 * size, broken);
  } catch (const Error& error) {
    return fmt::format("fixed: {}, but not with {}: {}", runs, 2 * size, one_line(error));
  }
}

} // namespace tsir
