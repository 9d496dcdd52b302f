#include "lib/input/file.h"

#include "lib/archive/archive.h"
#include "lib/archive/identify.h"
#include "lib/archive/pickle_check.h"
#include "lib/base/bytes.h"
#include "lib/base/error.h"
#include "lib/compat/messages.h"

#include <torch/csrc/jit/serialization/pickle.h>

#include <cstring>

namespace tsir {
namespace {

struct DataFile {
  const std::string& path;
  std::string_view noun; // the expected contents: "inputs"
  std::string how_to_write() const {
    return fmt::format("write the {0} in Python with torch.save((x, y), \"{0}.pt\")", noun);
  }
};

[[noreturn]] void refuse(const DataFile& file, const std::string& what) {
  throw Error(ErrorKind::load, fmt::format("{} does not contain {}: {}", file.path, file.noun, what));
}

// NumPy numbers, an OrderedDict and whole modules can only be constructed by Python.
[[noreturn]] void no_plain_data(const DataFile& file, const std::string& detail) {
  refuse(file, fmt::format("it contains objects other than tensors, numbers, strings, lists, tuples and dicts, or it "
                           "is damaged ({}); {}",
                           detail, file.how_to_write()));
}

void require_torch_save(const Bytes& bytes, const DataFile& file) {
  const auto view = bytes.view();
  const bool zip = view.size() > 4 && std::memcmp(view.data(), "PK\3\4", 4) == 0;
  if (zip) {
    return;
  }
  const FileIdentity identity = identify(bytes);
  if (identity.kind == FileKind::state_dict) {
    refuse(file, "it has the format of torch.save before PyTorch 1.6; write it again with "
                 "torch.save(torch.load(\"old.pt\"), \"new.pt\")");
  }
  refuse(file, fmt::format("it is {}; {}", identity.description, file.how_to_write()));
}

// LibTorch's unpickler trusts the declarations of a pickle, so they are checked against the file first.
void check_archive(const Archive& archive, const DataFile& file) {
  if (archive.find("constants.pkl") != nullptr) {
    refuse(file, fmt::format("it is a TorchScript module; {}", file.how_to_write()));
  }
  if (archive.find("data.pkl") == nullptr) {
    refuse(file, fmt::format("it does not have an entry data.pkl; {}", file.how_to_write()));
  }
  try {
    check_pickle(archive.read("data.pkl"), "its pickle", [&](const std::string& key) {
      const ArchiveEntry* entry = archive.find("data/" + key);
      return entry == nullptr ? std::nullopt : std::optional<uint64_t>(entry->size);
    });
  } catch (const Error& error) {
    no_plain_data(file, error.what());
  }
}

} // namespace

c10::IValue read_plain_data(const std::string& path, std::string_view noun) {
  const DataFile file{path, noun};
  const auto bytes = Bytes::open(path);
  require_torch_save(*bytes, file);
  check_archive(*Archive::open(bytes), file);
  const auto view = bytes->view();
  try {
    return jit::pickle_load_obj({reinterpret_cast<const char*>(view.data()), view.size()});
  } catch (const std::exception& error) {
    const std::string detail = one_line(error, 100);
    no_plain_data(file, says(detail, Message::internal_assert) ? "LibTorch cannot read it" : detail);
  }
}

InputValue read_input_file(const std::string& path) {
  return input_value_of(read_plain_data(path, "inputs"));
}

} // namespace tsir
