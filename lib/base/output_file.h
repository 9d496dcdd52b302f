// A file that appears whole or not at all, whatever happens to the process that writes it.
#pragma once

#include <string>
#include <string_view>

namespace tsir {

// Throws Error(usage) where `path` cannot be written: no such folder, no permission, a folder of that name. Call it
// before the work whose result goes there.
void check_writable(const std::string& path);

// Writes `content` to a temporary file beside `path`, then moves it there. Throws Error(check) on failure (a full
// disk), leaving what was there before. Paths that are no regular files, such as /dev/stdout, are written directly.
void write_file(const std::string& path, std::string_view content);

// A temporary file name beside `path`, removed on destruction unless commit() moved it to `path`.
class PendingFile {
public:
  explicit PendingFile(const std::string& path);
  ~PendingFile();
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;
  const std::string& temporary() const { return temporary_; }
  // Flushes to disk and renames over `path`. Throws Error(check).
  void commit();

private:
  std::string path_;
  std::string temporary_;
};

} // namespace tsir
