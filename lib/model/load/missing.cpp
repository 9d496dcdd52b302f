#include "lib/model/load/missing.h"

#include "lib/base/setting.h"

#include <torch/custom_class.h>

#include <set>

namespace tsir {
namespace {

bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

// Collects the dotted names that follow each `prefix` in the text, up to `parts` parts. A prefix inside of a longer
// name is ignored.
void collect(std::string_view text, std::string_view prefix, size_t parts, std::set<std::string>& found) {
  for (size_t at = text.find(prefix); at != std::string_view::npos; at = text.find(prefix, at + 1)) {
    if (at > 0 && (is_name(text[at - 1]) || text[at - 1] == '.')) {
      continue;
    }
    const size_t start = at + prefix.size();
    size_t end = start;
    size_t dots = 0;
    while (end < text.size() && (is_name(text[end]) || (text[end] == '.' && ++dots < parts))) {
      ++end;
    }
    const auto name = text.substr(start, end - start);
    if (std::count(name.begin(), name.end(), '.') == static_cast<std::ptrdiff_t>(parts) - 1 && name.size() < 200) {
      found.emplace(name);
    }
  }
}

std::string operator_name(std::string dotted) {
  return dotted.replace(dotted.find('.'), 1, "::");
}

} // namespace

bool is_builtin_namespace(std::string_view name) {
  static const std::set<std::string, std::less<>> names = {
      "aten",           "prim",     "prims",         "quantized",
      "_quantized",     "mkldnn",   "onednn",        "mkldnn_prepacked",
      "cuda",           "sparse",   "prepacked",     "quantized_decomposed",
      "inductor",       "profiler", "c10d",          "tensorexpr",
      "static_runtime", "fb",       "metal_prepack", "vulkan_prepack",
      "xnnpack",        "symm_mem", "rngprims",      "debugprims"};
  return names.count(name) > 0;
}

CodeNeeds code_needs(const std::map<std::string, std::string>& code) {
  std::set<std::string> operators;
  std::set<std::string> classes;
  for (const auto& [name, text] : code) {
    collect(text, "ops.", 2, operators);
    collect(text, "__torch__.torch.classes.", 2, classes);
  }
  CodeNeeds needs;
  for (const auto& dotted : operators) {
    if (is_builtin_namespace(dotted.substr(0, dotted.find('.')))) {
      continue;
    }
    needs.operators.push_back(operator_name(dotted));
    if (jit::getAllOperatorsFor(c10::Symbol::fromQualString(needs.operators.back())).empty()) {
      needs.missing_operators.push_back(needs.operators.back());
    }
  }
  for (const auto& dotted : classes) {
    const bool known = torch::getCustomClass("__torch__.torch.classes." + dotted) != nullptr;
    if (!known || !is_builtin_namespace(dotted.substr(0, dotted.find('.')))) {
      needs.classes.push_back(dotted);
    }
    if (!known) {
      needs.missing_classes.push_back(dotted);
    }
  }
  return needs;
}

std::string missing_line(const CodeNeeds& needs) {
  std::vector<std::string> parts;
  const auto add = [&](const char* what, const std::vector<std::string>& names) {
    if (!names.empty()) {
      const size_t shown = std::min<size_t>(names.size(), 5);
      parts.push_back(fmt::format("{} {}{}", what,
                                  fmt::join(names.begin(), names.begin() + static_cast<long>(shown), ", "),
                                  names.size() > shown ? ", …" : ""));
    }
  };
  add(needs.missing_operators.size() == 1 ? "operator" : "operators", needs.missing_operators);
  add(needs.missing_classes.size() == 1 ? "class" : "classes", needs.missing_classes);
  if (parts.empty()) {
    return "";
  }
  return fmt::format("needs the {}, which this LibTorch lacks: give the library that has them with {} lib.so",
                     fmt::join(parts, " and the "), spelled(Setting::load_library));
}

} // namespace tsir
