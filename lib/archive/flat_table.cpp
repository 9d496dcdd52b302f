#include "lib/archive/flat_table.h"

#include "lib/base/error.h"
#include "lib/compat/libtorch.h"

namespace tsir {
namespace {

std::string_view text_at(const FlatBuffer& buffer, uint64_t at) {
  return FlatVector(buffer, at, 1).bytes();
}

} // namespace

std::string_view FlatBuffer::piece(uint64_t at, uint64_t size) const {
  if (at > bytes_.size() || size > bytes_.size() - at) {
    refuse("refers to bytes beyond its end: it is truncated or damaged; copy or download it again");
  }
  return bytes_.substr(at, size);
}

uint64_t FlatBuffer::follow(uint64_t at) const {
  return at + number<uint32_t>(at);
}

void FlatBuffer::refuse(std::string_view what) const {
  throw Error(ErrorKind::load, fmt::format("{} {}", where_, what));
}

FlatVector::FlatVector(const FlatBuffer& buffer, uint64_t at, uint64_t item_size)
    : buffer_(&buffer), start_(at + sizeof(uint32_t)), size_(buffer.number<uint32_t>(at)),
      bytes_(buffer.piece(start_, size_ * item_size)) {}

FlatTable FlatVector::table(uint32_t index) const {
  return {*buffer_, buffer_->follow(start_ + uint64_t{index} * sizeof(uint32_t))};
}

std::string_view FlatVector::text(uint32_t index) const {
  return text_at(*buffer_, buffer_->follow(start_ + uint64_t{index} * sizeof(uint32_t)));
}

// A table begins with the distance back to the positions of its fields, which begin with their own size.
FlatTable::FlatTable(const FlatBuffer& buffer, uint64_t at)
    : buffer_(&buffer), start_(at),
      fields_(static_cast<uint64_t>(static_cast<int64_t>(at) - buffer.number<int32_t>(at))),
      fields_size_(buffer.number<uint16_t>(fields_)) {
  buffer.piece(fields_, fields_size_);
}

uint64_t FlatTable::place(unsigned field) const {
  const uint64_t entry = 4 + 2 * uint64_t{field};
  const uint16_t offset = entry + 2 > fields_size_ ? uint16_t{0} : buffer_->number<uint16_t>(fields_ + entry);
  return offset == 0 ? 0 : start_ + offset;
}

std::string_view FlatTable::text(unsigned field) const {
  const uint64_t at = place(field);
  return at == 0 ? std::string_view() : text_at(*buffer_, buffer_->follow(at));
}

std::optional<FlatTable> FlatTable::table(unsigned field) const {
  const uint64_t at = place(field);
  return at == 0 ? std::nullopt : std::optional(FlatTable(*buffer_, buffer_->follow(at)));
}

uint64_t FlatTable::structure(unsigned field) const {
  const uint64_t at = place(field);
  if (at == 0) {
    buffer_->refuse("lacks a value that it declares: it is damaged");
  }
  return buffer_->follow(at);
}

FlatVector FlatTable::items(unsigned field, uint64_t item_size) const {
  const uint64_t at = place(field);
  return at == 0 ? FlatVector() : FlatVector(*buffer_, buffer_->follow(at), item_size);
}

} // namespace tsir
