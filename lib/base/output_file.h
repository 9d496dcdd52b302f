// A file that is written completely or not at all, even if the writing process dies.
#pragma once

#include <string>
#include <string_view>

namespace tsir {

// Throws Error(usage) if `path` cannot be written: the folder does not exist, permission is missing, or `path` is a
// folder. Call it before the work that produces the content.
void check_writable(const std::string& path);

// The same text for all spellings of a path, such as "a.csv", "./a.csv" and a link to it. The file need not exist.
std::string path_identity(const std::string& path);

// Writes `content` to a temporary file next to `path`, then renames it to `path`. On failure (such as a full disk)
// throws Error(check) and keeps the previous file. Special files such as /dev/stdout are written directly.
void write_file(const std::string& path, std::string_view content);

// A temporary file next to `path`. It is removed on destruction unless commit() has renamed it to `path`.
class PendingFile {
public:
  explicit PendingFile(const std::string& path);
  ~PendingFile();
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;
  const std::string& temporary() const { return temporary_; }
  // Flushes the file to disk and renames it to `path`. Throws Error(check).
  void commit();

private:
  std::string path_;
  std::string temporary_;
};

} // namespace tsir
