// A new folder for a command's own files.
#pragma once

#include <string>

namespace tsir::tool {

// Removed with all that is in it. Throws Error(check) where none can be made.
class ScratchFolder {
public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::string& path() const { return path_; }

private:
  std::string path_;
};

} // namespace tsir::tool
