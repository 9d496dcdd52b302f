#include "lib/base/bytes.h"

#include "lib/base/error.h"
#include "lib/base/file_kind.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace tsir {
namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& what) {
  throw Error(ErrorKind::load, path + what);
}

std::string why(int error) {
  if (error == ENOENT) {
    return "no such file";
  }
  return error == EACCES ? "no permission to read it" : std::strerror(error);
}

class Descriptor {
public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ > STDIN_FILENO) {
      ::close(fd_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

private:
  int fd_;
};

// Private and writable: a tensor that lies in the mapping may be written to. A write copies the page and leaves the
// file unchanged.
class MappedBytes : public Bytes {
public:
  MappedBytes(const std::string& path, int fd, size_t size) {
    path_ = path;
    void* start = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, fd, 0);
    if (start == MAP_FAILED) {
      refuse(path, " cannot be mapped: " + why(errno));
    }
    view_ = {static_cast<const std::byte*>(start), size};
  }
  ~MappedBytes() override { ::munmap(const_cast<std::byte*>(view_.data()), view_.size()); }
};

// The size of a pipe is not known in advance.
class ReadBytes : public Bytes {
public:
  ReadBytes(const std::string& path, int fd) {
    path_ = path;
    constexpr size_t step = size_t{1} << 20;
    size_t used = 0;
    for (;;) {
      if (content_.size() < used + step) {
        content_.resize(std::max(content_.size() * 2, used + step));
      }
      const ssize_t got = ::read(fd, content_.data() + used, content_.size() - used);
      if (got < 0 && errno == EINTR) {
        continue;
      }
      if (got < 0) {
        refuse(path, " cannot be read: " + why(errno));
      }
      if (got == 0) {
        break;
      }
      used += static_cast<size_t>(got);
    }
    if (used == 0) {
      refuse(path, " is empty");
    }
    view_ = {content_.data(), used};
  }

private:
  std::vector<std::byte> content_;
};

} // namespace

std::shared_ptr<const Bytes> Bytes::open(const std::string& path) {
  if (path == "-") {
    // Standard input can be read only once. A child process uses what its parent has read.
    static const std::shared_ptr<const Bytes> standard_input =
        std::make_shared<ReadBytes>("standard input", STDIN_FILENO);
    return standard_input;
  }
  if (const std::string kind = special_kind(path); !kind.empty()) {
    refuse(path, kind == "a folder" ? " is a folder: give the .pt file itself"
                                    : " is " + kind + ", not a file: give a file, or - to read standard input");
  }
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (fd.get() < 0 || ::fstat(fd.get(), &status) != 0) {
    refuse(path, ": " + why(errno));
  }
  if (!S_ISREG(status.st_mode)) {
    return std::make_shared<ReadBytes>(path, fd.get());
  }
  if (status.st_size == 0) {
    refuse(path, " is empty");
  }
  return std::make_shared<MappedBytes>(path, fd.get(), static_cast<size_t>(status.st_size));
}

} // namespace tsir
