#include "lib/model/input_file.h"

#include "lib/core/error.h"
#include "lib/model/archive.h"
#include "lib/model/bytes.h"
#include "lib/model/identify.h"
#include "lib/model/pickle_check.h"

#include <torch/csrc/jit/serialization/pickle.h>

#include <cstring>

namespace tsir {
namespace {

constexpr std::string_view how_to_write = "write the inputs in Python with torch.save((x, y), \"inputs.pt\")";

[[noreturn]] void refuse(const std::string& path, const std::string& what) {
  throw Error(ErrorKind::load, fmt::format("{} holds no inputs: {}", path, what));
}

// NumPy's numbers, an OrderedDict, a whole module: only Python can make those.
[[noreturn]] void no_plain_data(const std::string& path, const std::string& detail) {
  refuse(path,
         fmt::format("it holds more than tensors, numbers, strings, lists, tuples and dicts, or it is damaged ({}); {}",
                     detail, how_to_write));
}

void require_torch_save(const Bytes& bytes) {
  const auto view = bytes.view();
  const bool zip = view.size() > 4 && std::memcmp(view.data(), "PK\3\4", 4) == 0;
  if (zip) {
    return;
  }
  const FileIdentity identity = identify(bytes);
  if (identity.kind == FileKind::state_dict) {
    refuse(bytes.path(), "it is in torch.save's format of before PyTorch 1.6; write it anew with "
                         "torch.save(torch.load(\"old.pt\"), \"new.pt\")");
  }
  refuse(bytes.path(), fmt::format("it is {}; {}", identity.description, how_to_write));
}

// LibTorch's unpickler believes what a pickle declares: check it against the file first.
void check_archive(const Archive& archive, const std::string& path) {
  if (archive.find("constants.pkl") != nullptr) {
    refuse(path, fmt::format("it is a TorchScript module; {}", how_to_write));
  }
  if (archive.find("data.pkl") == nullptr) {
    refuse(path, fmt::format("it has no entry data.pkl; {}", how_to_write));
  }
  try {
    check_pickle(archive.read("data.pkl"), "its pickle", [&](const std::string& key) {
      const ArchiveEntry* entry = archive.find("data/" + key);
      return entry == nullptr ? std::nullopt : std::optional<uint64_t>(entry->size);
    });
  } catch (const Error& error) {
    no_plain_data(path, error.what());
  }
}

} // namespace

InputValue read_input_file(const std::string& path) {
  const auto bytes = Bytes::open(path);
  require_torch_save(*bytes);
  check_archive(*Archive::open(bytes), path);
  const auto view = bytes->view();
  c10::IValue value;
  try {
    value = jit::pickle_load_obj({reinterpret_cast<const char*>(view.data()), view.size()});
  } catch (const std::exception& error) {
    const std::string detail = one_line(error, 100);
    no_plain_data(path, detail.find("INTERNAL ASSERT") == std::string::npos ? detail : "LibTorch cannot read it");
  }
  return input_value_of(value);
}

} // namespace tsir
