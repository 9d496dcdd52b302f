#include "lib/base/output_file.h"

#include "lib/base/error.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace tsir {
namespace {

namespace fs = std::filesystem;

std::string reason() {
  return std::strerror(errno);
}

// Pipes and devices cannot be replaced in one step, so they are written directly.
bool is_special(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

void write_all(int fd, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      throw Error(ErrorKind::check, fmt::format("cannot write {}: {}", path, reason()));
    }
    content.remove_prefix(static_cast<size_t>(written));
  }
}

class FileDescriptor {
public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return fd_; }

private:
  int fd_;
};

// A symbolic link is kept; the file that it points to is written.
std::string target_of(const std::string& path) {
  std::error_code error;
  const fs::path target = fs::is_symlink(path, error) ? fs::weakly_canonical(path, error) : fs::path(path);
  return error || target.empty() ? path : target.string();
}

} // namespace

void check_writable(const std::string& path) {
  const auto refuse = [&](const std::string& why) {
    throw Error(ErrorKind::usage, fmt::format("cannot write {}: {}", path, why));
  };
  std::error_code ignored;
  if (path.empty()) {
    refuse("the name is empty");
  }
  if (fs::is_directory(path, ignored)) {
    refuse("it is a folder");
  }
  if (is_special(path)) {
    return;
  }
  const fs::path folder = fs::path(path).has_parent_path() ? fs::path(path).parent_path() : fs::path(".");
  if (!fs::is_directory(folder, ignored)) {
    refuse(fmt::format("there is no folder {}", folder.string()));
  }
  if (::access(folder.c_str(), W_OK) != 0) {
    refuse(fmt::format("folder {}: {}", folder.string(), reason()));
  }
}

PendingFile::PendingFile(const std::string& path) : path_(target_of(path)) {
  check_writable(path_);
  const fs::path target(path_);
  temporary_ = (target.parent_path() / fmt::format(".{}.{}.tmp", target.filename().string(), ::getpid())).string();
}

PendingFile::~PendingFile() {
  if (!temporary_.empty()) {
    ::unlink(temporary_.c_str());
  }
}

void PendingFile::commit() {
  {
    const FileDescriptor file(::open(temporary_.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0 || ::fsync(file.get()) != 0) {
      throw Error(ErrorKind::check, fmt::format("cannot write {}: {}", path_, reason()));
    }
  }
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    throw Error(ErrorKind::check, fmt::format("cannot write {}: {}", path_, reason()));
  }
  temporary_.clear();
}

std::string path_identity(const std::string& path) {
  std::error_code error;
  // weakly_canonical() alone leaves a relative path relative if its first part does not exist.
  const fs::path whole = fs::weakly_canonical(fs::absolute(path, error), error);
  return error ? path : whole.string();
}

void write_file(const std::string& path, std::string_view content) {
  if (is_special(path)) {
    // Without O_NONBLOCK, opening a pipe that nothing reads waits for ever.
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0) {
      const std::string why = errno == ENXIO ? "nothing reads from it" : reason();
      throw Error(ErrorKind::usage, fmt::format("cannot write {}: {}", path, why));
    }
    ::fcntl(file.get(), F_SETFL, ::fcntl(file.get(), F_GETFL) & ~O_NONBLOCK);
    write_all(file.get(), content, path);
    return;
  }
  PendingFile pending(path);
  {
    const FileDescriptor file(::open(pending.temporary().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (file.get() < 0) {
      throw Error(ErrorKind::usage, fmt::format("cannot write {}: {}", path, reason()));
    }
    write_all(file.get(), content, path);
  }
  pending.commit();
}

} // namespace tsir
