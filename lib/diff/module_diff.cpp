#include "lib/diff/module_diff.h"

#include "lib/ir/value_text.h"
#include "lib/run/compare.h"

namespace tsir {
namespace {

using Attributes = std::map<std::string, c10::IValue>;

class Collector {
public:
  Attributes collect(const jit::Module& module) {
    add(*module._ivalue(), "");
    return std::move(attributes_);
  }

private:
  void add(const c10::ivalue::Object& object, const std::string& prefix) {
    if (!seen_.insert(&object).second) {
      return; // a submodule with two paths or, in a malicious file, one that contains itself
    }
    const auto& type = *object.type();
    for (size_t i = 0; i < std::min(type.numAttributes(), object.slots().size()); ++i) {
      const std::string path = prefix + type.getAttributeName(i);
      const c10::IValue& value = object.getSlot(i);
      if (value.isObject()) {
        add(value.toObjectRef(), path + ".");
      } else {
        attributes_.emplace(path, value);
      }
    }
  }

  Attributes attributes_;
  std::unordered_set<const c10::ivalue::Object*> seen_;
};

std::string difference(const c10::IValue& before, const c10::IValue& after) {
  if (compare(before, after).identical) {
    return "";
  }
  const std::string a = value_title(before);
  const std::string b = value_title(after);
  if (a != b) {
    return fmt::format("{} -> {}", a, b);
  }
  return before.isTensor() ? "other values" : fmt::format("{} -> {}", value_text(before), value_text(after));
}

} // namespace

std::vector<std::string> diff_attributes(const jit::Module& before, const jit::Module& after) {
  const Attributes a = Collector().collect(before);
  const Attributes b = Collector().collect(after);
  std::vector<std::string> lines;
  for (const auto& [path, value] : a) {
    const auto found = b.find(path);
    const std::string text = found == b.end() ? "" : difference(value, found->second);
    if (found == b.end()) {
      lines.push_back(path + " was removed");
    } else if (!text.empty()) {
      lines.push_back(fmt::format("{}: {}", path, text));
    }
  }
  for (const auto& [path, value] : b) {
    if (!a.contains(path)) {
      lines.push_back(path + " was added");
    }
  }
  return lines;
}

} // namespace tsir
