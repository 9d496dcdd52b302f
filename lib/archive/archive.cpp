#include "lib/archive/archive.h"

#include "lib/archive/read_adapter.h"
#include "lib/base/error.h"
#include "lib/base/units.h"
#include "lib/compat/libtorch.h"

#include <caffe2/serialize/inline_container.h>
#include <zip.h>

namespace tsir {
namespace {

// PyTorch stores tensors uncompressed and deflates code, which shrinks to a tenth. A file that inflates far more than
// that is not a model.
constexpr uint64_t bomb_ratio = 200;
constexpr uint64_t bomb_size = uint64_t{256} << 20;
constexpr zip_uint64_t most_entries = 1'000'000;

[[noreturn]] void refuse(const Bytes& bytes, const std::string& what) {
  throw Error(ErrorKind::load, bytes.path() + " " + what);
}

struct ZipClose {
  void operator()(zip_t* zip) const { zip_discard(zip); }
};
struct ZipFileClose {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using ZipPtr = std::unique_ptr<zip_t, ZipClose>;

std::string text_and_free(zip_error_t& error) {
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return text;
}

ZipPtr open_zip(const Bytes& bytes) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.view().data(), bytes.view().size(), 0, &error);
  zip_t* zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr;
  if (zip == nullptr) {
    if (source != nullptr) {
      zip_source_free(source);
    }
    const bool missing = zip_error_code_zip(&error) == ZIP_ER_NOZIP;
    const std::string what = text_and_free(error);
    refuse(bytes, missing
                      ? "is truncated or damaged: the zip directory at its end is missing; copy or download it again"
                      : "is a damaged zip archive (" + what + "): copy or download it again");
  }
  return ZipPtr(zip);
}

// "model/" of "model/data.pkl": PyTorch puts all entries into one folder, whose name may be anything.
std::string top_folder(zip_t* zip) {
  const char* first = zip_get_name(zip, 0, ZIP_FL_ENC_RAW);
  const std::string name = first ? first : "";
  const auto slash = name.find('/');
  return slash == std::string::npos ? "" : name.substr(0, slash + 1);
}

class ZipArchive : public Archive {
public:
  explicit ZipArchive(std::shared_ptr<const Bytes> bytes) : bytes_(std::move(bytes)), zip_(open_zip(*bytes_)) {
    list();
    refuse_bomb();
  }

  const std::vector<ArchiveEntry>& entries() const override { return entries_; }
  const Bytes& bytes() const override { return *bytes_; }
  std::shared_ptr<const Bytes> shared_bytes() const override { return bytes_; }

  const ArchiveEntry* find(const std::string& name) const override {
    const auto at = index_.find(name);
    return at == index_.end() ? nullptr : &entries_[at->second];
  }

  std::string read(const std::string& name, uint64_t limit) const override {
    const ArchiveEntry& entry = existing(name);
    if (entry.size > limit) {
      refuse(*bytes_, fmt::format("has the entry {} of {}, where at most {} are read", name, human_bytes(entry.size),
                                  human_bytes(limit)));
    }
    const std::unique_ptr<zip_file_t, ZipFileClose> file(zip_fopen_index(zip_.get(), index_.at(name), 0));
    if (!file) {
      refuse(*bytes_, fmt::format("has a damaged entry {}: {}", one_line(name), zip_strerror(zip_.get())));
    }
    std::string content(entry.size, '\0');
    // libzip verifies the checksum when it reaches the end of the data, so one byte more than the size is requested.
    const zip_int64_t got = zip_fread(file.get(), content.data(), content.size());
    char beyond = 0;
    const zip_int64_t more = got < 0 ? got : zip_fread(file.get(), &beyond, 1);
    if (got != static_cast<zip_int64_t>(entry.size) || more != 0) {
      refuse(*bytes_, fmt::format("has a damaged entry {}: {}", one_line(name), zip_file_strerror(file.get())));
    }
    return content;
  }

  std::optional<std::span<const std::byte>> in_place(const std::string& name) const override {
    const ArchiveEntry& entry = existing(name);
    if (entry.compressed) {
      return std::nullopt;
    }
    const auto all = bytes_->view();
    const uint64_t offset = record_offset(name);
    if (entry.size != entry.stored || offset > all.size() || entry.size > all.size() - offset) {
      refuse(*bytes_, fmt::format("has a damaged entry {}: it reaches beyond the end of the file", name));
    }
    return all.subspan(offset, entry.size);
  }

private:
  void list() {
    const auto count = static_cast<zip_uint64_t>(std::max<zip_int64_t>(zip_get_num_entries(zip_.get(), 0), 0));
    if (count == 0 || count > most_entries) {
      refuse(*bytes_, fmt::format("is a zip archive of {} entries, not a TorchScript module", count));
    }
    const std::string folder = top_folder(zip_.get());
    entries_.reserve(count);
    for (zip_uint64_t i = 0; i < count; ++i) {
      zip_stat_t stat;
      zip_stat_init(&stat);
      if (zip_stat_index(zip_.get(), i, ZIP_FL_ENC_RAW, &stat) != 0 || stat.name == nullptr) {
        refuse(*bytes_, fmt::format("has a damaged zip directory, at entry {}", i));
      }
      if (stat.comp_size > bytes_->view().size()) {
        refuse(*bytes_,
               fmt::format("has a damaged entry {}: it reaches beyond the end of the file", one_line(stat.name)));
      }
      std::string name = stat.name;
      if (name.starts_with(folder)) {
        name.erase(0, folder.size());
      }
      index_.emplace(name, entries_.size());
      entries_.push_back({std::move(name), stat.size, stat.comp_size, stat.comp_method != ZIP_CM_STORE});
    }
  }

  void refuse_bomb() const {
    uint64_t total = 0;
    for (const auto& entry : entries_) {
      total = entry.size > UINT64_MAX - total ? UINT64_MAX : total + entry.size;
    }
    const uint64_t file_size = bytes_->view().size();
    if (total > bomb_size && total / bomb_ratio > file_size) {
      refuse(*bytes_, fmt::format("would inflate from {} to {}, unlike any model, so it is not opened",
                                  human_bytes(file_size), human_bytes(total)));
    }
  }

  const ArchiveEntry& existing(const std::string& name) const {
    const ArchiveEntry* entry = find(name);
    if (entry == nullptr) {
      refuse(*bytes_, fmt::format("has no entry {}: it is damaged or incomplete", name));
    }
    return *entry;
  }

  // libzip does not report the offset of an entry's data; LibTorch's reader does.
  uint64_t record_offset(const std::string& name) const {
    try {
      if (!reader_) {
        reader_ = std::make_unique<caffe2::serialize::PyTorchStreamReader>(std::make_shared<BytesAdapter>(bytes_));
      }
      return reader_->getRecordOffset(name);
    } catch (const std::exception& error) {
      refuse(*bytes_, fmt::format("has a damaged entry {}: {}", name, one_line(error)));
    }
  }

  std::shared_ptr<const Bytes> bytes_;
  ZipPtr zip_;
  std::vector<ArchiveEntry> entries_;
  std::unordered_map<std::string, size_t> index_;
  mutable std::unique_ptr<caffe2::serialize::PyTorchStreamReader> reader_;
};

} // namespace

std::shared_ptr<Archive> Archive::open(std::shared_ptr<const Bytes> bytes) {
  return std::make_shared<ZipArchive>(std::move(bytes));
}

bool has_lite_bytecode(const Archive& archive) {
  return archive.find("bytecode.pkl") != nullptr || !archive.bytes().converted_from().empty();
}

bool looks_like_zip(const Bytes& bytes) {
  constexpr std::string_view magic("PK\3\4", 4);
  const auto view = bytes.view();
  return view.size() >= magic.size() && std::memcmp(view.data(), magic.data(), magic.size()) == 0;
}

} // namespace tsir
