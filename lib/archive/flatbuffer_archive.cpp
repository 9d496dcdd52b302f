#include "lib/archive/flatbuffer_archive.h"

#include "lib/archive/flatbuffer_values.h"
#include "lib/base/error.h"
#include "lib/compat/libtorch.h"

#include <caffe2/serialize/inline_container.h>

namespace tsir {
namespace {

// Of LibTorch's schema.
enum RootField : unsigned {
  root_bytecode_version = 0,
  root_extra_files = 1,
  root_state = 3,
  root_storages = 6,
  root_code = 8,
  root_constants = 9,
  root_operator_version = 10
};

class ArchiveBytes : public Bytes {
public:
  ArchiveBytes(const Bytes& file, std::vector<std::byte> archive) : archive_(std::move(archive)) {
    view_ = archive_;
    path_ = file.path();
    converted_from_ = "a flatbuffer";
    file_size_ = file.view().size();
  }

private:
  std::vector<std::byte> archive_;
};

class FlatbufferArchive {
public:
  explicit FlatbufferArchive(const Bytes& file)
      : file_(file), buffer_(file.text(), file.path()), root_(FlatTable::root(buffer_)),
        writer_([this](const void* data, size_t size) {
          const auto* start = static_cast<const std::byte*>(data);
          archive_.insert(archive_.end(), start, start + size);
          return size;
        }) {
    archive_.reserve(file.view().size() + file.view().size() / 8);
  }

  std::shared_ptr<const Bytes> archive() {
    const FlatVector code = root_.references(root_code);
    if (code.size() == 0) {
      buffer_.refuse("is a lite-interpreter file (flatbuffer) without TorchScript code: save the scripted module with "
                     "torch.jit.save");
    }
    for (uint32_t i = 0; i < code.size(); ++i) {
      std::string name(code.table(i).text(0)); // __torch__.torch.nn
      std::ranges::replace(name, '.', '/');
      add("code/" + name + ".py", code.table(i).text(1));
    }
    constants();
    data();
    const FlatVector extra = root_.references(root_extra_files);
    for (uint32_t i = 0; i < extra.size(); ++i) {
      add("extra/" + std::string(extra.table(i).text(0)), extra.table(i).text(1));
    }
    // As in an archive, the newest version that an operator of the code needs. Files of older versions of PyTorch do
    // not have it.
    const auto version = root_.number<uint32_t>(root_operator_version);
    writer_.setMinVersion(version > 0 ? version : root_.number<uint32_t>(root_bytecode_version));
    writer_.writeEndOfFile();
    return std::make_shared<ArchiveBytes>(file_, std::move(archive_));
  }

private:
  static constexpr size_t longest_name = 1024;

  void add(const std::string& name, std::string_view content) {
    if (!names_.insert(name).second) {
      buffer_.refuse(fmt::format("contains {} twice: it is damaged", one_line(name, 80)));
    }
    // LibTorch's writer throws on such names, with a text of its own.
    if (name.find('\0') != std::string::npos || name.ends_with('/') || name.size() > longest_name) {
      buffer_.refuse("has a file name that an archive cannot hold: it is damaged");
    }
    // A hostile file may refer to the same bytes many times.
    total_ += content.size();
    if (total_ > 2 * file_.text().size() + (uint64_t{1} << 20)) {
      buffer_.refuse("refers to the same bytes too often: it is damaged");
    }
    writer_.writeRecord(name, content.data(), content.size());
  }

  void constants() {
    FlatbufferPickle pickle(root_);
    const FlatVector constants = root_.numbers<uint32_t>(root_constants);
    pickle.writer().mark();
    for (uint32_t i = 0; i < constants.size(); ++i) {
      pickle.value(constants.number<uint32_t>(i));
    }
    pickle.writer().tuple();
    add("constants", std::move(pickle));
  }

  void data() {
    FlatbufferPickle pickle(root_);
    pickle.value(root_.number<uint32_t>(root_state));
    add("data", std::move(pickle));
  }

  void add(const std::string& name, FlatbufferPickle pickle) {
    const FlatVector storages = root_.references(root_storages);
    for (const uint32_t storage : pickle.storages()) {
      add(fmt::format("{}/{}", name, storage), storages.table(storage).numbers<uint8_t>(0).bytes());
    }
    add(name + ".pkl", std::move(pickle).finished());
  }

  const Bytes& file_;
  FlatBuffer buffer_;
  FlatTable root_;
  std::vector<std::byte> archive_;
  std::unordered_set<std::string> names_;
  uint64_t total_ = 0; // bytes written
  caffe2::serialize::PyTorchStreamWriter writer_;
};

} // namespace

bool is_module_flatbuffer(const Bytes& bytes) {
  return bytes.text().substr(0, 8).ends_with("PTMF") && bytes.text().size() >= 8;
}

std::shared_ptr<const Bytes> archive_of_flatbuffer(const Bytes& bytes) {
  try {
    return FlatbufferArchive(bytes).archive();
  } catch (const c10::Error&) { // LibTorch's writer of archives
    throw Error(ErrorKind::load, fmt::format("{} is damaged: it cannot be converted to an archive", bytes.path()));
  }
}

} // namespace tsir
