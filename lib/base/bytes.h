// The bytes of a file, which is mapped and read only where it is accessed; or of standard input, which is read whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace tsir {

class Bytes {
public:
  // `path` may be "-" (standard input). Throws Error(load) if the file is missing, unreadable or empty, or
  // something else than a file.
  static std::shared_ptr<const Bytes> open(const std::string& path);
  virtual ~Bytes() = default;

  std::span<const std::byte> view() const { return view_; }
  // The same bytes as text. The encoding is not checked.
  std::string_view text() const { return {reinterpret_cast<const char*>(view_.data()), view_.size()}; }
  const std::string& path() const { return path_; } // as given to open(), for messages
  // The format of the file, such as "a flatbuffer", if the bytes were made from it; "" if they are its own.
  const std::string& converted_from() const { return converted_from_; }
  uint64_t file_size() const { return converted_from_.empty() ? view_.size() : file_size_; } // in bytes

protected:
  std::span<const std::byte> view_;
  std::string path_;
  std::string converted_from_;
  uint64_t file_size_ = 0;
};

} // namespace tsir
