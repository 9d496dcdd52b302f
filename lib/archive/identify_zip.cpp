#include "lib/archive/identify_zip.h"

#include "lib/base/error.h"
#include "lib/compat/libtorch.h"

namespace tsir {
namespace {

bool any_entry(const Archive& archive, const std::function<bool(std::string_view)>& is) {
  return std::any_of(archive.entries().begin(), archive.entries().end(),
                     [&](const ArchiveEntry& entry) { return is(entry.name); });
}

bool has_code(const Archive& archive) {
  return any_entry(archive, [](std::string_view name) { return name.starts_with("code/") && name.ends_with(".py"); });
}

// The class with which the pickle begins, if any: then the whole module was pickled, not its state_dict.
std::string first_class(const Archive& archive) {
  std::string pickle;
  try {
    pickle = archive.read("data.pkl", uint64_t{1} << 28);
  } catch (const Error&) {
    return ""; // damaged: the caller uses its general description
  }
  if (pickle.size() < 4 || pickle[2] != 'c') {
    return "";
  }
  std::string name = pickle.substr(3, 200);
  const auto module_end = name.find('\n');
  const auto class_end = module_end == std::string::npos ? std::string::npos : name.find('\n', module_end + 1);
  if (class_end == std::string::npos || name.starts_with("collections\n") || name.starts_with("torch._utils\n")) {
    return "";
  }
  name[module_end] = '.';
  return name.substr(0, class_end);
}

FileIdentity checkpoint(const Archive& archive) {
  const std::string name = first_class(archive);
  if (name.empty()) {
    return {FileKind::state_dict, "an eager checkpoint (torch.save)", std::string(export_module)};
  }
  return {FileKind::state_dict, fmt::format("an eager object of class {} (torch.save)", one_line(name, 80)),
          std::string(export_module)};
}

FileIdentity other(const Archive& archive) {
  const auto named = [&](std::string_view text) {
    return any_entry(archive, [&](std::string_view name) { return name.find(text) != std::string_view::npos; });
  };
  std::string what = "a zip archive of another kind";
  if (named("extern_modules")) {
    what = "a torch.package archive";
  } else if (named("model.weights.h5")) {
    what = "a Keras model";
  } else if (any_entry(archive, [](std::string_view name) { return name.ends_with(".npy"); })) {
    what = "a NumPy archive (.npz)";
  } else if (named("MAR-INF/")) {
    what = "a TorchServe model archive (.mar)";
  } else if (any_entry(archive, [](std::string_view name) { return name.ends_with(".pt"); })) {
    return {FileKind::other_zip, "a zip archive that contains a .pt file", "unpack it first"};
  }
  return {FileKind::other_zip, what, std::string(export_module)};
}

} // namespace

FileIdentity identify_entries(const Archive& archive) {
  const auto has = [&](const char* name) { return archive.find(name) != nullptr; };
  if (has("model.json") && has("version")) {
    return {FileKind::torchscript_legacy, "a TorchScript file of the old format (model.json, before PyTorch 1.2)",
            "load and save it again with PyTorch 1.2 to 1.13"};
  }
  if (has_code(archive) || has("constants.pkl")) {
    return {FileKind::torchscript,
            has("bytecode.pkl") ? "a TorchScript module, with bytecode for the lite interpreter"
                                : "a TorchScript module",
            ""};
  }
  if (has("bytecode.pkl")) {
    return {FileKind::lite_interpreter, "a lite-interpreter file without its code (bytecode.pkl)",
            "save the scripted module with torch.jit.save in place of _save_for_lite_interpreter"};
  }
  if (has("archive_format") || has("serialized_exported_program.json")) {
    return {FileKind::exported_program, "a program of torch.export (.pt2)", std::string(export_module)};
  }
  if (has("data.pkl")) {
    return checkpoint(archive);
  }
  return other(archive);
}

FileIdentity identify_zip(const Bytes& bytes) {
  // The archive is used only within this function, so it may borrow the bytes.
  const std::shared_ptr<const Bytes> borrowed(&bytes, [](const Bytes*) {});
  try {
    return identify_entries(*Archive::open(borrowed));
  } catch (const Error& error) {
    std::string what = error.what();
    what.erase(0, std::min(what.size(), bytes.path().size() + 1)); // "m.pt "
    return {FileKind::damaged_zip, what, ""};
  }
}

} // namespace tsir
