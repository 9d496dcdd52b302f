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

// The submodule that owns the method with this dotted path.
jit::Module holder_of(const jit::Module& root, const std::string& path) {
  jit::Module module = root;
  size_t start = 0;
  for (size_t dot = path.find('.'); dot != std::string::npos; start = dot + 1, dot = path.find('.', start)) {
    const std::string name = path.substr(start, dot - start);
    const auto slot = module.type()->findAttributeSlot(name);
    const c10::IValue value = slot ? module._ivalue()->slots().at(*slot) : c10::IValue();
    if (!value.isObject() || !value.toObjectRef().type()->is_module()) {
      throw Error(ErrorKind::usage, fmt::format("there is no submodule '{}'; `{} methods` lists all methods",
                                                path.substr(0, dot), spelled(Setting::show)));
    }
    module = jit::Module(value.toObject());
  }
  return module;
}

std::string last_name(const std::string& path) {
  return path.substr(path.rfind('.') + 1);
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
  const jit::Module holder = holder_of(module, wanted);
  if (!holder.find_method(last_name(wanted))) {
    throw Error(ErrorKind::usage, fmt::format("there is no method '{}'; {} has {}", wanted, short_class(*holder.type()),
                                              fmt::join(method_names(holder), ", ")));
  }
  return {wanted};
}

jit::Method method_at(const jit::Module& module, const std::string& path) {
  return holder_of(module, path).get_method(last_name(path));
}

} // namespace tsir
