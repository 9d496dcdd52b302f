// Reads FlatBuffers' binary format. Every access is checked against the end of the buffer, so the buffer may be
// hostile.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace tsir {

// The bytes of a flatbuffer. The functions throw Error(load) if something lies beyond the end.
class FlatBuffer {
public:
  // `where` begins the messages: "m.ff". Both must outlive the object.
  FlatBuffer(std::string_view bytes, std::string_view where) : bytes_(bytes), where_(where) {}

  template <class T> T number(uint64_t at) const {
    T value;
    std::memcpy(&value, piece(at, sizeof(T)).data(), sizeof(T)); // little-endian, and perhaps misaligned
    return value;
  }
  std::string_view piece(uint64_t at, uint64_t size) const;
  // The position that the 32-bit offset at `at` refers to.
  uint64_t follow(uint64_t at) const;
  // The size in bytes.
  uint64_t size() const { return bytes_.size(); }
  [[noreturn]] void refuse(std::string_view what) const;

private:
  std::string_view bytes_;
  std::string_view where_;
};

class FlatTable;

// A vector within a flatbuffer; one that is absent is empty.
class FlatVector {
public:
  FlatVector() = default;
  // `item_size` in bytes.
  FlatVector(const FlatBuffer& buffer, uint64_t at, uint64_t item_size);
  uint32_t size() const { return size_; }
  std::string_view bytes() const { return bytes_; } // of all items
  template <class T> T number(uint32_t index) const {
    T value;
    std::memcpy(&value, bytes_.data() + uint64_t{index} * sizeof(T), sizeof(T));
    return value;
  }
  // Of a vector of tables or strings. `index` must be less than size().
  FlatTable table(uint32_t index) const;
  std::string_view text(uint32_t index) const;

private:
  const FlatBuffer* buffer_ = nullptr;
  uint64_t start_ = 0;
  uint32_t size_ = 0;
  std::string_view bytes_;
};

// A table within a flatbuffer. Fields are numbered in the order of the schema; a union takes two numbers.
class FlatTable {
public:
  FlatTable(const FlatBuffer& buffer, uint64_t at);
  // The table at the root of the buffer.
  static FlatTable root(const FlatBuffer& buffer) { return {buffer, buffer.follow(0)}; }

  template <class T> T number(unsigned field, T absent = 0) const {
    const uint64_t at = place(field);
    return at == 0 ? absent : buffer_->number<T>(at);
  }
  std::string_view text(unsigned field) const; // "" if it is absent
  std::optional<FlatTable> table(unsigned field) const;
  template <class T> FlatVector numbers(unsigned field) const { return items(field, sizeof(T)); }
  // Tables or strings.
  FlatVector references(unsigned field) const { return items(field, sizeof(uint32_t)); }
  // The position of the struct to which a union refers. Throws Error(load) if the field is absent.
  uint64_t structure(unsigned field) const;
  const FlatBuffer& buffer() const { return *buffer_; }

private:
  uint64_t place(unsigned field) const; // 0 if it is absent
  FlatVector items(unsigned field, uint64_t item_size) const;

  const FlatBuffer* buffer_;
  uint64_t start_;
  uint64_t fields_; // the position of the table of the fields' positions
  uint16_t fields_size_;
};

} // namespace tsir
