// Walks two nested values side by side; tensors are compared in compare_tensor.cpp.
#include "lib/run/compare.h"

#include "lib/run/compare_tensor.h"

#include <fmt/ostream.h>
#include <fmt/ranges.h>

#include <bit>
#include <cmath>

namespace tsir {
namespace {

class Comparison {
public:
  explicit Comparison(const Tolerance& tolerance) : tolerance_(tolerance) {}

  void values(const c10::IValue& reference, const c10::IValue& value);
  // Compares a part of the value, whose path is one step longer.
  void part(std::string step, const c10::IValue& reference, const c10::IValue& value) {
    path_.push_back(std::move(step));
    values(reference, value);
    path_.pop_back();
  }
  void mismatch(std::string what) { note({false, false, 0, 0, "", std::move(what)}); }
  Difference result() const { return result_; }

private:
  void note(const TensorDifference& found);
  void numbers(double reference, double value);
  void sequences(const c10::IValue& reference, const c10::IValue& value, const char* step);
  void dicts(const c10::IValue& reference, const c10::IValue& value);
  void objects(const c10::IValue& reference, const c10::IValue& value);

  const Tolerance tolerance_;
  std::vector<std::string> path_;
  Difference result_;
};

bool is_sequence(const c10::IValue& value) {
  return value.isList() || value.isTuple();
}

size_t length(const c10::IValue& value) {
  return value.isTuple() ? value.toTupleRef().elements().size() : value.toListRef().size();
}

c10::IValue element(const c10::IValue& value, size_t i) {
  return value.isTuple() ? value.toTupleRef().elements()[i] : value.toListRef()[i];
}

std::string key_text(const c10::IValue& key) {
  return key.isString() ? fmt::format("key \"{}\"", key.toStringRef()) : fmt::format("key {}", fmt::streamed(key));
}

void Comparison::note(const TensorDifference& found) {
  const bool worse = found.max_absolute > result_.max_absolute || (std::isnan(found.max_absolute));
  const bool first_mismatch = !found.same && result_.same;
  if (first_mismatch || (result_.same && worse)) {
    auto path = path_;
    if (!found.element.empty()) {
      path.push_back("element " + found.element);
    }
    result_.where = fmt::format("{}", fmt::join(path, ", "));
    result_.what = found.same ? "" : found.what;
  }
  result_.same &= found.same;
  result_.identical &= found.identical;
  result_.max_absolute = std::max(result_.max_absolute, found.max_absolute);
  result_.max_relative = std::max(result_.max_relative, found.max_relative);
}

// A Python number often comes from a float32 tensor through .item(), so it gets the tolerance of float32. Whether the
// numbers are identical is decided on all bits of the double.
void Comparison::numbers(double reference, double value) {
  TensorDifference found = compare_numbers(reference, value, tolerance_);
  found.identical = std::bit_cast<uint64_t>(reference) == std::bit_cast<uint64_t>(value);
  note(found);
}

void Comparison::sequences(const c10::IValue& reference, const c10::IValue& value, const char* step) {
  if (length(reference) != length(value)) {
    mismatch(fmt::format("{} elements instead of {}", length(value), length(reference)));
    return;
  }
  for (size_t i = 0; i < length(reference); ++i) {
    part(fmt::format("{} {}", step, i), element(reference, i), element(value, i));
  }
}

void Comparison::dicts(const c10::IValue& reference, const c10::IValue& value) {
  const auto expected = reference.toGenericDict();
  const auto actual = value.toGenericDict();
  for (const auto& entry : expected) {
    const auto found = actual.find(entry.key());
    if (found == actual.end()) {
      mismatch(key_text(entry.key()) + " is missing");
    } else {
      part(key_text(entry.key()), entry.value(), found->value());
    }
  }
  if (actual.size() > expected.size()) {
    mismatch(fmt::format("{} entries instead of {}", actual.size(), expected.size()));
  }
}

void Comparison::objects(const c10::IValue& reference, const c10::IValue& value) {
  if (reference.is(value)) {
    return;
  }
  const auto expected = reference.toObject(), actual = value.toObject();
  if (expected->slots().size() != actual->slots().size()) {
    mismatch("an object with other attributes");
    return;
  }
  for (size_t i = 0; i < expected->slots().size(); ++i) {
    const std::string& name = expected->type()->getAttributeName(i);
    if (name != actual->type()->getAttributeName(i)) {
      mismatch(fmt::format("attribute {} instead of {}", actual->type()->getAttributeName(i), name));
      return;
    }
    part("attribute " + name, expected->getSlot(i), actual->getSlot(i));
  }
}

void Comparison::values(const c10::IValue& reference, const c10::IValue& value) {
  if (reference.isFuture() && value.isFuture()) {
    reference.toFuture()->waitAndThrow();
    value.toFuture()->waitAndThrow();
    values(reference.toFuture()->value(), value.toFuture()->value());
  } else if (reference.isTensor() && value.isTensor()) {
    note(compare_tensors(reference.toTensor(), value.toTensor(), tolerance_));
  } else if (reference.isDouble() && value.isDouble()) {
    numbers(reference.toDouble(), value.toDouble());
  } else if (reference.isComplexDouble() && value.isComplexDouble()) {
    numbers(reference.toComplexDouble().real(), value.toComplexDouble().real());
    numbers(reference.toComplexDouble().imag(), value.toComplexDouble().imag());
  } else if (is_sequence(reference) && is_sequence(value) && reference.isTuple() == value.isTuple()) {
    sequences(reference, value, reference.isTuple() && path_.empty() ? "output" : "element");
  } else if (reference.isGenericDict() && value.isGenericDict()) {
    dicts(reference, value);
  } else if (reference.isObject() && value.isObject()) {
    objects(reference, value);
  } else if (reference.isEnum() && value.isEnum()) { // compared by name: each load makes its own type objects
    const auto text = [](const c10::IValue& holder) {
      return holder.toEnumHolder()->type()->qualifiedClassName().name() + "." + holder.toEnumHolder()->name();
    };
    if (text(reference) != text(value)) {
      mismatch(fmt::format("{} instead of {}", text(value), text(reference)));
    }
  } else if (reference.tagKind() != value.tagKind()) {
    mismatch(fmt::format("{} instead of {}", value.tagKind(), reference.tagKind()));
  } else if (reference != value) {
    mismatch(reference.isInt() || reference.isBool() || reference.isString()
                 ? fmt::format("{} instead of {}", fmt::streamed(value), fmt::streamed(reference))
                 : fmt::format("another {}", reference.tagKind()));
  }
}

} // namespace

Difference compare(const c10::IValue& reference, const c10::IValue& value, const Tolerance& tolerance) {
  Comparison comparison(tolerance);
  comparison.values(reference, value);
  return comparison.result();
}

Difference compare(const std::vector<c10::IValue>& reference, const std::vector<c10::IValue>& value,
                   const Tolerance& tolerance) {
  if (reference.size() == 1 && value.size() == 1) {
    return compare(reference.front(), value.front(), tolerance);
  }
  Comparison comparison(tolerance);
  if (reference.size() != value.size()) {
    comparison.mismatch(fmt::format("{} outputs instead of {}", value.size(), reference.size()));
  } else {
    for (size_t i = 0; i < reference.size(); ++i) {
      comparison.part(fmt::format("output {}", i), reference[i], value[i]);
    }
  }
  return comparison.result();
}

namespace {

// Copies as LibTorch's deepcopy does, except for tuples, which would lose the names of their fields.
c10::IValue copy_value(const c10::IValue& value, c10::IValue::HashIdentityIValueMap& seen) {
  if (value.isFuture()) {
    value.toFuture()->waitAndThrow();
    return copy_value(value.toFuture()->value(), seen);
  }
  if (!value.isTuple()) {
    return value.deepcopy(seen);
  }
  std::vector<c10::IValue> elements;
  for (const c10::IValue& element : value.toTupleRef().elements()) {
    elements.push_back(copy_value(element, seen));
  }
  const auto type = value.toTupleRef().type();
  return type->schema() ? c10::ivalue::Tuple::createNamed(std::move(elements), type)
                        : c10::ivalue::Tuple::create(std::move(elements));
}

} // namespace

c10::IValue deep_copy(const c10::IValue& value) {
  const at::NoGradGuard no_history; // also clones tensors that need gradients and are not leaves
  c10::IValue::HashIdentityIValueMap seen;
  try {
    return copy_value(value, seen);
  } catch (const c10::Error&) {
    return value;
  }
}

std::vector<c10::IValue> deep_copies(const std::vector<c10::IValue>& values) {
  std::vector<c10::IValue> copies;
  copies.reserve(values.size());
  for (const c10::IValue& value : values) {
    copies.push_back(deep_copy(value));
  }
  return copies;
}

} // namespace tsir
