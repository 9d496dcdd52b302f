#include "lib/dump/methods.h"

#include "lib/base/setting.h"
#include "lib/ir/walk.h"

namespace tsir {
namespace {

using Object = c10::ivalue::Object;

ShownMethod shown_method(const std::string& prefix, const jit::Function& function) {
  const auto* graph = dynamic_cast<const jit::GraphFunction*>(&function);
  return {prefix + function.name(), schema_text(function.getSchema(), prefix + function.name()),
          graph ? count_nodes(*graph->graph(), true) : 0};
}

void append_methods(const Object& object, const std::string& prefix, std::vector<ShownMethod>& methods) {
  for (const jit::Function* function : object.type()->methods()) {
    methods.push_back(shown_method(prefix, *function));
  }
}

} // namespace

std::vector<ShownMethod> all_methods(const InspectedModule& inspected) {
  std::vector<ShownMethod> methods;
  append_methods(*inspected.module._ivalue(), "", methods);
  for (const auto& attribute : attributes_of(inspected)) {
    if (attribute.value.isObject() && attribute.shared_with.empty()) {
      append_methods(attribute.value.toObjectRef(), attribute.path + ".", methods);
    }
  }
  return methods;
}

std::vector<std::string> wanted_methods(const jit::Module& module, const std::string& wanted) {
  auto names = method_names(module);
  if (wanted == "*" || names.empty()) {
    return names;
  }
  if (wanted.empty()) {
    return module.find_method("forward") ? std::vector<std::string>{"forward"} : names;
  }
  const auto [holder, method] = place_of_method(module, wanted);
  if (!holder.find_method(method)) {
    throw Error(ErrorKind::usage, fmt::format("there is no method '{}'; {} has {}", wanted, short_class(*holder.type()),
                                              fmt::join(method_names(holder), ", ")));
  }
  return {wanted};
}

jit::Method method_at(const jit::Module& module, const std::string& path) {
  const auto [holder, method] = place_of_method(module, path);
  return holder.get_method(method);
}

} // namespace tsir
