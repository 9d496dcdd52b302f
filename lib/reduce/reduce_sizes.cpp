// Makes tensors smaller. Shapes that match must still match, so a size is changed everywhere: in constants, in inputs
// and, in some of the ways, in the integers of the graph.
#include "lib/reduce/reduction.h"

#include <regex>
#include <set>

namespace tsir {
namespace {

// Matches `float32[1,3]` within the text of an input.
const std::regex& tensor_pattern() {
  static const std::regex pattern(R"(([a-z]+[a-z0-9]*)\[([0-9]+(?:,[0-9]+)*)\])");
  return pattern;
}

std::vector<int64_t> sizes_from(const std::string& text) {
  std::vector<int64_t> sizes;
  for (const char* at = text.c_str(); *at != '\0';) {
    char* end = nullptr;
    sizes.push_back(std::strtoll(at, &end, 10));
    at = *end == ',' ? end + 1 : end;
  }
  return sizes;
}

using Resize = std::function<int64_t(int64_t)>;

std::string resized(const std::string& text, const Resize& resize) {
  std::string result;
  auto at = text.cbegin();
  for (std::sregex_iterator found(text.begin(), text.end(), tensor_pattern()), none; found != none; ++found) {
    std::vector<int64_t> sizes = sizes_from((*found)[2].str());
    std::ranges::transform(sizes, sizes.begin(), resize);
    result.append(at, (*found)[0].first);
    result += fmt::format("{}[{}]", (*found)[1].str(), fmt::join(sizes, ","));
    at = (*found)[0].second;
  }
  return result.append(at, text.cend());
}

bool can_resize(const std::optional<c10::IValue>& value) {
  return value && value->isTensor() && value->toTensor().defined() && value->toTensor().layout() == at::kStrided &&
         !value->toTensor().is_quantized();
}

// Keeps the first elements in each dimension.
at::Tensor resized(at::Tensor tensor, const Resize& resize) {
  for (int64_t i = 0; i < tensor.dim(); ++i) {
    tensor = tensor.narrow(i, 0, std::min(resize(tensor.size(i)), tensor.size(i)));
  }
  return tensor.clone();
}

std::optional<c10::IValue> resized_value(const c10::IValue& value, const Resize& resize, bool integers) {
  if (can_resize(value)) {
    const at::Tensor smaller = resized(value.toTensor(), resize);
    return smaller.sizes() == value.toTensor().sizes() ? std::nullopt : std::optional<c10::IValue>(smaller);
  }
  if (integers && value.isInt() && resize(value.toInt()) != value.toInt()) {
    return c10::IValue(resize(value.toInt()));
  }
  if (integers && value.isIntList()) {
    c10::List<int64_t> list = value.toIntList().copy();
    for (size_t i = 0; i < list.size(); ++i) {
      list.set(i, resize(list.get(i)));
    }
    return list == value.toIntList() ? std::nullopt : std::optional<c10::IValue>(list);
  }
  return std::nullopt;
}

bool resize_constants(Candidate& candidate, const Resize& resize, bool integers) {
  bool changed = false;
  for (jit::Node* node : nodes_of(*candidate.graph)) {
    const auto value = node->kind() == c10::prim::Constant ? jit::toIValue(node->output()) : std::nullopt;
    const auto smaller = value ? resized_value(*value, resize, integers) : std::nullopt;
    if (!smaller) {
      continue;
    }
    const jit::WithInsertPoint before(node);
    if (const auto made = jit::tryInsertConstant(*candidate.graph, *smaller)) {
      node->output()->replaceAllUsesWith(*made);
      node->destroy();
      changed = true;
    }
  }
  return changed;
}

bool resize_inputs(Candidate& candidate, const Resize& resize) {
  bool changed = false;
  for (size_t i = 0; candidate.inputs && i < candidate.inputs->size(); ++i) {
    std::string& text = candidate.inputs->at(i);
    const std::string smaller = resized(text, resize);
    changed |= std::exchange(text, smaller) != smaller;
  }
  return changed;
}

// All sizes above 1, the largest last, because ranges are tried from the end.
std::vector<int64_t> sizes_of(const Candidate& candidate) {
  std::set<int64_t> sizes;
  const auto add = [&](const auto& some) { sizes.insert(some.begin(), some.end()); };
  for (const jit::Node* node : nodes_of(*candidate.graph)) {
    const auto value = node->kind() == c10::prim::Constant ? jit::toIValue(node->output()) : std::nullopt;
    if (can_resize(value)) {
      add(value->toTensor().sizes());
    }
  }
  for (size_t i = 0; candidate.inputs && i < candidate.inputs->size(); ++i) {
    const std::string& text = candidate.inputs->at(i);
    for (std::sregex_iterator found(text.begin(), text.end(), tensor_pattern()), none; found != none; ++found) {
      add(sizes_from((*found)[2].str()));
    }
  }
  sizes.erase(sizes.begin(), sizes.upper_bound(1));
  return {sizes.begin(), sizes.end()};
}

// Changes the sizes of a range to `target`, or halves them if `target` is 0.
Reduction::Apply resizing(int64_t target, bool integers) {
  return [target, integers](Candidate& candidate, size_t begin, size_t end) {
    const std::vector<int64_t> sizes = sizes_of(candidate);
    const std::set<int64_t> chosen(sizes.begin() + static_cast<std::ptrdiff_t>(begin),
                                   sizes.begin() + static_cast<std::ptrdiff_t>(std::min(end, sizes.size())));
    const Resize resize = [&](int64_t size) {
      const int64_t smaller = target == 0 ? (size + 1) / 2 : target;
      return chosen.contains(size) && smaller < size ? smaller : size;
    };
    const bool constants = resize_constants(candidate, resize, integers);
    return resize_inputs(candidate, resize) || constants;
  };
}

} // namespace

std::vector<Reduction> size_reductions() {
  return {{"smaller tensors",
           [](const Candidate& candidate) { return sizes_of(candidate).size(); },
           {resizing(1, true), resizing(1, false), resizing(2, true), resizing(2, false), resizing(0, true),
            resizing(0, false)}}};
}

} // namespace tsir
