#include "lib/model/load/inspect.h"

#include "lib/archive/model_bytes.h"
#include "lib/archive/module_file.h"
#include "lib/archive/read_adapter.h"
#include "lib/archive/source_ranges.h"
#include "lib/base/error.h"
#include "lib/compat/unshipped.h"
#include "lib/compat/versions.h"
#include "lib/model/load/attributes.h"
#include "lib/model/load/compile_error.h"
#include "lib/process/phase.h"

#include <torch/csrc/jit/serialization/import_source.h>
#include <torch/csrc/jit/serialization/unpickler.h>

namespace tsir {
namespace {

using ObjectPtr = c10::intrusive_ptr<c10::ivalue::Object>;

// Whether a value may be stored in an attribute of that type. LibTorch does not check this, and code that prints the
// module would fail on a string where it expects a tensor. Types that do not determine the kind of value match
// anything.
bool fits(const c10::IValue& value, const c10::Type& type) {
  switch (type.kind()) {
  case c10::TypeKind::TensorType:
    return value.isTensor() || value.isNone();
  case c10::TypeKind::IntType:
    return value.isInt();
  case c10::TypeKind::FloatType:
    return value.isDouble();
  case c10::TypeKind::BoolType:
    return value.isBool();
  case c10::TypeKind::StringType:
    return value.isString();
  case c10::TypeKind::ListType:
    return value.isList();
  case c10::TypeKind::DictType:
    return value.isGenericDict();
  case c10::TypeKind::TupleType:
    return value.isTuple();
  case c10::TypeKind::ClassType:
    return value.isObject();
  case c10::TypeKind::OptionalType:
    return value.isNone() || fits(value, *type.containedType(0));
  default:
    return true;
  }
}

// Rebuilding old tensors prints deprecation warnings, which do not help a user.
class NoWarnings : public c10::WarningHandler {
public:
  void process(const c10::Warning&) override {}
};

class Inspector {
public:
  explicit Inspector(ModuleFile file)
      : file_(std::move(file)), unit_(std::make_shared<jit::CompilationUnit>()),
        constants_(std::make_shared<std::vector<c10::IValue>>()),
        importer_(
            unit_, constants_.get(), [this](const std::string& qualifier) { return source(qualifier); },
            file_.version) {}

  InspectedModule run() {
    NoWarnings silent;
    const c10::WarningUtils::WarningHandlerGuard guard(&silent);
    jit::populate_upgraders_graph_map(); // of operators that have changed since the file was written
    try {
      return build();
    } catch (const Error&) {
      throw;
    } catch (const std::exception& error) {
      throw compile_error(file_, error);
    }
  }

private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorKind::load, file_.archive->bytes().path() + ": " + what);
  }

  InspectedModule build() {
    const c10::IValue constants = unpickle(file_.constants, "constants", file_.constants_facts);
    if (!constants.isTuple()) {
      refuse("its constants.pkl does not contain a tuple of constants");
    }
    *constants_ = constants.toTupleRef().elements().vec();
    const c10::IValue data = unpickle(file_.data, "data", file_.data_facts);
    if (!data.isObject() || !data.toObjectRef().type()->is_module()) {
      refuse("its data.pkl does not contain a module");
    }
    looked_.module = jit::Module(data.toObject());
    looked_.constants = constants_;
    looked_.archive = file_.archive;
    looked_.version = file_.version;
    looked_.code = std::move(file_.code);
    return std::move(looked_);
  }

  // `qualifier` is a Python module ("__torch__.torch.nn"). Returns nullptr if the file does not have code for it.
  std::shared_ptr<jit::Source> source(const std::string& qualifier) const {
    std::string name = "code/" + qualifier + ".py";
    std::replace(name.begin(), name.end() - 3, '.', '/');
    const auto found = file_.code.find(name);
    if (found == file_.code.end()) {
      return nullptr;
    }
    return std::make_shared<jit::Source>(torch_text(found->second), name, 1, source_ranges(file_.archive, name));
  }

  c10::IValue unpickle(const std::string& pickle, const std::string& name, const PickleFacts& facts) {
    const auto type = [this](const c10::QualifiedName& qualified) {
      return c10::StrongTypePtr(unit_, importer_.loadType(qualified));
    };
    const auto object = [this](const c10::StrongTypePtr& strong, const c10::IValue& state) {
      return make_object(strong, state);
    };
    const auto record = [&](const std::string& key) { return storage(name + "/" + key, facts.devices.at(key)); };
    jit::Unpickler unpickler(pickle_reader(pickle), type, object, record, c10::Device(c10::kCPU));
    unpickler.set_version(file_.version);
    return unpickler.parse_ivalue();
  }

  // Does the same as LibTorch's loader, except that it does not run __setstate__.
  ObjectPtr make_object(const c10::StrongTypePtr& strong, const c10::IValue& state) {
    const auto type = strong.type_->cast<c10::ClassType>();
    if (!type) {
      refuse(fmt::format("its data creates an object of {}, which is not a class", one_line(strong.type_->str(), 80)));
    }
    auto object = c10::ivalue::Object::create(strong, type->numAttributes());
    if (type->findMethod("__setstate__") != nullptr) {
      note_unset(*type, object, state);
    } else {
      set_attributes(*type, *object, state);
    }
    return object;
  }

  void note_unset(const c10::ClassType& type, const ObjectPtr& object, const c10::IValue& state) {
    const std::string name = short_class(type);
    auto& names = looked_.unset_classes;
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(name);
    }
    looked_.unset_objects.push_back({object, state});
  }

  void set_attributes(const c10::ClassType& type, c10::ivalue::Object& object, const c10::IValue& state) const {
    const std::string class_name = one_line(type.name()->qualifiedName(), 80);
    if (!state.isGenericDict()) {
      refuse(fmt::format("its data has an object of {} without attributes", class_name));
    }
    const auto values = state.toGenericDict();
    for (size_t i = 0; i < type.numAttributes(); ++i) {
      const std::string& name = type.getAttributeName(i);
      const auto found = values.find(name);
      if (found == values.end()) {
        refuse(fmt::format("its data lacks the attribute {} of {}", one_line(name, 60), class_name));
      }
      if (!fits(found->value(), *type.getAttribute(i))) {
        refuse(fmt::format("its data has a {} for the attribute {} of {}, whose type is {}", found->value().tagKind(),
                           one_line(name, 60), class_name, one_line(type.getAttribute(i)->repr_str(), 80)));
      }
      object.setSlot(i, found->value());
    }
  }

  // Refers to a tensor's bytes in the file. Bytes that are compressed or misaligned are copied.
  at::DataPtr storage(const std::string& name, const std::string& device) {
    at::DataPtr data;
    const auto place = file_.archive->in_place(name);
    if (place && reinterpret_cast<uintptr_t>(place->data()) % alignof(std::max_align_t) == 0) {
      auto keep = std::make_unique<std::shared_ptr<const Bytes>>(file_.archive->shared_bytes());
      auto* start = const_cast<std::byte*>(place->data()); // the mapping is private: a write does not change the file
      data = at::DataPtr(
          start, keep.release(), [](void* kept) { delete static_cast<std::shared_ptr<const Bytes>*>(kept); }, at::kCPU);
    } else {
      data = copied(name);
    }
    looked_.storage_entries[data.get()] = name;
    if (device != "cpu") {
      looked_.saved_devices[data.get()] = device;
    }
    return data;
  }

  at::DataPtr copied(const std::string& name) {
    auto& content = copies_[name];
    if (!content) {
      content = std::make_shared<std::string>(file_.archive->read(name, uint64_t{1} << 40));
    }
    auto keep = std::make_unique<std::shared_ptr<std::string>>(content);
    char* start = content->data();
    return at::DataPtr(
        start, keep.release(), [](void* kept) { delete static_cast<std::shared_ptr<std::string>*>(kept); }, at::kCPU);
  }

  ModuleFile file_;
  std::shared_ptr<jit::CompilationUnit> unit_;
  std::shared_ptr<std::vector<c10::IValue>> constants_;
  jit::SourceImporter importer_;
  std::unordered_map<std::string, std::shared_ptr<std::string>> copies_;
  InspectedModule looked_;
};

} // namespace

InspectedModule inspect(const std::shared_ptr<const Bytes>& bytes) {
  const Phase phase("reading " + bytes->path());
  return Inspector(open_module(bytes, Defaults::literals)).run();
}

InspectedModule inspect(const std::string& path) {
  return inspect(open_model_bytes(path));
}

} // namespace tsir
