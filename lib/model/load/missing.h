// Finds operators and classes that a file's code needs but this LibTorch lacks.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

struct CodeNeeds {
  std::vector<std::string> operators; // custom ones: "torchvision::nms"
  std::vector<std::string> classes;   // custom C++ classes: "torchvision.Video", without "__torch__.torch.classes."
  std::vector<std::string> missing_operators; // the operators of the above that this LibTorch lacks
  std::vector<std::string> missing_classes;
  bool any_missing() const { return !missing_operators.empty() || !missing_classes.empty(); }
};

// Searches the text of the code (from read_code), so that it works for code that does not compile. Operators in
// LibTorch's namespaces are omitted.
CodeNeeds code_needs(const std::map<std::string, std::string>& code);

// "needs operators that this LibTorch lacks: torchvision::nms; …", or "" if nothing is missing.
std::string missing_line(const CodeNeeds& needs);

// Whether LibTorch provides the namespace of an operator, such as "quantized".
bool is_builtin_namespace(std::string_view name);

} // namespace tsir
