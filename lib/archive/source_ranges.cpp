#include "lib/archive/source_ranges.h"

#include "lib/archive/pickle_check.h"
#include "lib/compat/libtorch.h"

#include <torch/csrc/jit/serialization/pickle.h>
#include <torch/csrc/jit/serialization/source_range_serialization.h>

namespace tsir {
namespace {

using Elements = c10::ArrayRef<c10::IValue>;

constexpr uint64_t largest_record = uint64_t{256} << 20;

// The elements of a tuple. Throws std::invalid_argument if there are fewer than `count`.
Elements elements(const c10::IValue& value, size_t count) {
  if (!value.isTuple() || value.toTupleRef().elements().size() < count) {
    throw std::invalid_argument("debug record");
  }
  return value.toTupleRef().elements();
}

size_t index_below(const c10::IValue& value, size_t limit) {
  if (!value.isInt() || value.toInt() < 0 || static_cast<uint64_t>(value.toInt()) >= limit) {
    throw std::invalid_argument("debug record");
  }
  return static_cast<size_t>(value.toInt());
}

class SourceRanges : public jit::SourceRangeUnpickler {
public:
  SourceRanges(std::shared_ptr<const Archive> archive, std::string record)
      : archive_(std::move(archive)), record_(std::move(record)) {}

  std::optional<jit::SourceRange> findSourceRangeThatGenerated(const jit::SourceRange& range) override {
    try {
      if (!read_) {
        read_ = true;
        read();
      }
      const auto after = std::upper_bound(origins_.begin(), origins_.end(), range.start(),
                                          [](size_t at, const Origin& origin) { return at < origin.offset; });
      if (after == origins_.begin()) {
        return std::nullopt;
      }
      return range_of(std::prev(after)->range);
    } catch (const std::exception&) {
      return std::nullopt; // locations are optional, so this must not fail
    }
  }

private:
  // A position in the code file, and the range of the original source that it came from: (source, start, end).
  struct Origin {
    size_t offset;
    c10::IValue range;
  };

  void read() {
    if (archive_->find(record_) == nullptr) {
      return;
    }
    const std::string pickle = archive_->read(record_, largest_record);
    archive_.reset();
    check_pickle(pickle, record_, [](const std::string&) { return std::nullopt; });
    c10::IValue root = jit::unpickle(pickle.data(), pickle.size());
    Elements lines = elements(root, 0);
    if (lines.size() == 3 && lines[0].isString() && lines[0].toStringRef() == jit::kFormatWithStringTable) {
      for (const auto& text : elements(lines[1], 0)) {
        texts_.push_back(std::make_shared<std::string>(text.toStringRef()));
      }
      lines = elements(lines[2], 0);
    }
    for (const auto& line : lines) {
      const Elements parts = elements(line, 2);
      origins_.push_back({index_below(parts[jit::kByteOffsetIndex], SIZE_MAX), range_place(parts)});
    }
    std::stable_sort(origins_.begin(), origins_.end(),
                     [](const Origin& a, const Origin& b) { return a.offset < b.offset; });
  }

  // A line was (offset, range) before tags were introduced, then (offset, range, tag) or (offset, tag, range).
  static c10::IValue range_place(Elements parts) {
    return parts[jit::kSourceRangeIndex].isTuple() || parts.size() < 3 ? parts[jit::kSourceRangeIndex] : parts[2];
  }

  std::optional<jit::SourceRange> range_of(const c10::IValue& range) {
    const Elements parts = elements(range, 3);
    const auto source = source_of(parts[0]);
    const size_t start = index_below(parts[1], source->size() + 1);
    const size_t end = index_below(parts[2], source->size() + 1);
    return start <= end ? std::optional(jit::SourceRange(source, start, end)) : std::nullopt;
  }

  std::shared_ptr<jit::Source> source_of(const c10::IValue& value) {
    const Elements parts = elements(value, 3);
    auto& source = sources_[parts.data()];
    if (!source) {
      source = texts_.empty() ? plain_source(parts) : table_source(parts);
    }
    return source;
  }

  static std::shared_ptr<jit::Source> plain_source(Elements parts) {
    std::optional<std::string> file;
    if (!parts[1].isNone()) {
      file = parts[1].toStringRef();
    }
    return std::make_shared<jit::Source>(parts[0].toStringRef(), file, index_below(parts[2], INT32_MAX));
  }

  // The text is a list of indices into the table of texts, and so is the name of the file.
  std::shared_ptr<jit::Source> table_source(Elements parts) {
    std::string text;
    for (const c10::IValue& place : parts[0].toList().vec()) {
      text += *texts_[index_below(place, texts_.size())];
      if (text.size() > largest_record) {
        throw std::invalid_argument("debug record");
      }
    }
    const auto& file = *texts_[index_below(parts[1], texts_.size())];
    return std::make_shared<jit::Source>(text, file, index_below(parts[2], INT32_MAX));
  }

  std::shared_ptr<const Archive> archive_;
  std::string record_;
  bool read_ = false;
  std::vector<std::shared_ptr<std::string>> texts_;
  std::vector<Origin> origins_;
  std::unordered_map<const c10::IValue*, std::shared_ptr<jit::Source>> sources_;
};

} // namespace

std::shared_ptr<jit::SourceRangeUnpickler> source_ranges(std::shared_ptr<const Archive> archive,
                                                         const std::string& code_file) {
  return std::make_shared<SourceRanges>(std::move(archive), code_file + ".debug_pkl");
}

} // namespace tsir
