#include "lib/opt/file_contents.h"

#include "lib/archive/extra_files.h"
#include "lib/archive/module_file.h"

#include <fmt/ranges.h>

namespace tsir {
namespace {

std::vector<std::string> hooks_of(const jit::Module& module) {
  std::vector<std::string> names;
  for (const auto& hooks : {module.type()->getForwardPreHooks(), module.type()->getForwardHooks()}) {
    std::ranges::transform(hooks, std::back_inserter(names), &torch::jit::Function::name);
  }
  return names;
}

void add_archive(const Archive& archive, FileContents& contents) {
  for (const std::string& name : extra_file_names(archive)) {
    contents.extra_files.emplace(name, read_extra_file(archive, name));
  }
  contents.lite_bytecode = has_lite_bytecode(archive);
  contents.traced_inputs = archive.find("traced_inputs.pkl") != nullptr;
}

std::set<std::string> other_devices(const ModuleFile& file, c10::Device device) {
  std::set<std::string> devices;
  for (const PickleFacts& facts : {file.data_facts, file.constants_facts}) {
    for (const auto& [storage, saved] : facts.devices) {
      devices.insert(saved);
    }
  }
  devices.erase(device.str());
  return devices;
}

// Attributes that hold data for the caller. Weights and buffers become constants, which keep what they hold.
std::vector<std::string> data_attributes(const jit::Module& module) {
  std::vector<std::string> names;
  const auto type = module.type();
  for (size_t i = 0; i < type->numAttributes(); ++i) {
    const std::string& name = type->getAttributeName(i);
    const c10::IValue value = module._ivalue()->getSlot(i);
    const bool own = name == "training" || name == "_is_full_backward_hook"; // PyTorch's
    if (!own && !value.isTensor() && !value.isObject() && !value.isNone()) {
      names.push_back(name);
    }
  }
  return names;
}

// Names those of `before` that are not in `after`.
void name_missing(const std::string& what, const std::vector<std::string>& before,
                  const std::vector<std::string>& after, std::vector<std::string>& parts) {
  std::vector<std::string> missing;
  std::ranges::copy_if(before, std::back_inserter(missing),
                       [&](const std::string& name) { return std::ranges::find(after, name) == after.end(); });
  if (!missing.empty()) {
    parts.push_back(fmt::format("{}{} {}", what, missing.size() == 1 ? "" : "s", fmt::join(missing, ", ")));
  }
}

} // namespace

FileContents contents_of(const OpenedModel& model, const Unit& unit, c10::Device device) {
  FileContents contents;
  contents.file = model.source().file;
  const std::string& method = model.source().method;
  contents.submodule = method.substr(0, method.rfind('.') == std::string::npos ? 0 : method.rfind('.'));
  if (unit.has_module()) {
    contents.methods = method_names(unit.module());
    contents.hooks = hooks_of(unit.module());
    contents.attributes = data_attributes(unit.module());
  }
  if (!model.is_text()) {
    const ModuleFile file = open_module(model.bytes(), Defaults::any);
    contents.other_devices = other_devices(file, device);
    add_archive(*file.archive, contents);
  }
  return contents;
}

std::vector<std::string> left_out(const FileContents& before, const Unit& written, bool lite_bytecode) {
  std::vector<std::string> parts;
  name_missing("method", before.methods, method_names(written.module()), parts);
  name_missing("hook", before.hooks, hooks_of(written.module()), parts);
  name_missing("attribute", before.attributes, data_attributes(written.module()), parts);
  if (!before.submodule.empty()) {
    parts.push_back("everything outside of " + before.submodule);
  }
  if (before.lite_bytecode && !lite_bytecode) {
    parts.emplace_back("the bytecode for the lite interpreter");
  }
  if (before.traced_inputs) {
    parts.emplace_back("the inputs of the trace");
  }
  if (!before.other_devices.empty()) {
    parts.push_back(fmt::format("the place of tensors on {}", fmt::join(before.other_devices, ", ")));
  }
  return parts;
}

} // namespace tsir
