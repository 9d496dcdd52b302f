// The bytes of a file, mapped and not read until touched; or of standard input, which is read whole.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace tsir {

class Bytes {
public:
  // `path` may be "-" (standard input). Throws Error(load): missing, a folder, unreadable, empty.
  static std::shared_ptr<const Bytes> open(const std::string& path);
  virtual ~Bytes() = default;

  std::span<const std::byte> view() const { return view_; }
  // The same as text, whatever its encoding.
  std::string_view text() const { return {reinterpret_cast<const char*>(view_.data()), view_.size()}; }
  const std::string& path() const { return path_; } // as given, for messages

protected:
  std::span<const std::byte> view_;
  std::string path_;
};

} // namespace tsir
