#include "lib/render/plot/gnuplot.h"

#include "lib/base/error.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ; // NOLINT: POSIX names it, and declares it nowhere

namespace tsir {
namespace {

constexpr const char* program = "gnuplot";
constexpr double pixels_per_inch = 96;

// A file without a name. A pipe would have to be read while it is written.
class MemoryFile {
public:
  MemoryFile() : fd_(::memfd_create("tsir-plot", MFD_CLOEXEC)) {
    if (fd_ < 0) {
      throw Error(ErrorKind::check, fmt::format("no memory for a plot: {}", std::strerror(errno)));
    }
  }
  ~MemoryFile() { ::close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  int fd() const { return fd_; }

  void fill(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t written = ::write(fd_, text.data(), text.size());
      if (written < 0 && errno != EINTR) {
        throw Error(ErrorKind::check, fmt::format("no memory for a plot: {}", std::strerror(errno)));
      }
      text.remove_prefix(written > 0 ? static_cast<size_t>(written) : 0);
    }
    ::lseek(fd_, 0, SEEK_SET);
  }
  std::string content() const {
    std::string text;
    std::array<char, 65536> buffer{};
    ::lseek(fd_, 0, SEEK_SET);
    for (ssize_t count = 0; (count = ::read(fd_, buffer.data(), buffer.size())) > 0;) {
      text.append(buffer.data(), static_cast<size_t>(count));
    }
    return text;
  }

private:
  int fd_;
};

// The first line that says something: gnuplot shows the place in the script on lines of their own.
std::string complaint(const std::string& errors) {
  size_t start = 0;
  while (start < errors.size()) {
    const size_t end = std::min(errors.find('\n', start), errors.size());
    const std::string line = errors.substr(start, end - start);
    if (line.find_first_not_of(" \t^\r") != std::string::npos) {
      return line;
    }
    start = end + 1;
  }
  return "it says nothing";
}

// Its exit status; nothing where there is no such program.
std::optional<int> run_gnuplot(const std::string& option, const MemoryFile& in, const MemoryFile& out,
                               const MemoryFile& errors) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in.fd(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out.fd(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, errors.fd(), STDERR_FILENO);
  std::string name(program);
  std::string argument(option);
  std::array<char*, 3> arguments = {name.data(), argument.data(), nullptr};
  pid_t pid = 0;
  const int failed = ::posix_spawnp(&pid, program, &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    return std::nullopt;
  }
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) {
      return 0; // the caller of this program has children reaped by themselves: the picture tells how it went
    }
  }
  return status;
}

bool installed() {
  const MemoryFile in;
  const MemoryFile out;
  return run_gnuplot("--version", in, out, out) == 0;
}

} // namespace

PlotFormat plot_format(const std::string& file) {
  const std::string ending = std::filesystem::path(file).extension().string();
  if (ending == ".gp") {
    return PlotFormat::script;
  }
  if (ending != ".svg" && ending != ".png" && ending != ".pdf") {
    throw Error(ErrorKind::usage,
                fmt::format("{}: a plot is written as .svg, .png or .pdf, or as .gp, gnuplot's script", file));
  }
  if (!installed()) {
    throw Error(ErrorKind::usage, fmt::format("{}: gnuplot is not installed; install it (Debian: apt install "
                                              "gnuplot-nox), or write its script to a file with .gp",
                                              file));
  }
  return ending == ".svg" ? PlotFormat::svg : ending == ".png" ? PlotFormat::png : PlotFormat::pdf;
}

std::string terminal_line(PlotFormat format, const PlotSize& size) {
  constexpr const char* font = "font 'DejaVu Sans,10'";
  switch (format) {
  case PlotFormat::svg:
    return fmt::format("set terminal svg noenhanced size {:.0f},{:.0f} {} background 'white'\n", size.width,
                       size.height, font);
  case PlotFormat::png: // twice the pixels: sharp on today's screens
    return fmt::format("set terminal pngcairo noenhanced fontscale 1.8 linewidth 1.8 pointscale 1.8 size {:.0f},{:.0f} "
                       "{} background 'white'\n",
                       2 * size.width, 2 * size.height, font);
  case PlotFormat::pdf:
    return fmt::format("set terminal pdfcairo noenhanced fontscale 0.75 size {:.2f}in,{:.2f}in {}\n",
                       size.width / pixels_per_inch, size.height / pixels_per_inch, font);
  case PlotFormat::script:
    break;
  }
  return fmt::format("# drawn for {:.0f} by {:.0f} pixels:\n# set terminal svg noenhanced size {:.0f},{:.0f} {}\n",
                     size.width, size.height, size.width, size.height, font);
}

std::string gnuplot_string(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    quoted += c == '\'' ? "''" : c == '\n' ? " " : std::string(1, c);
  }
  return quoted + "'";
}

std::string draw_plot(const std::string& script) {
  const MemoryFile in;
  const MemoryFile out;
  const MemoryFile errors;
  in.fill(script);
  // Without what a user has set up for himself, which would change the picture.
  const std::optional<int> status = run_gnuplot("-d", in, out, errors);
  if (!status) {
    throw Error(ErrorKind::check, "cannot run gnuplot, which draws plots");
  }
  std::string picture = out.content();
  if (*status != 0 || picture.empty()) {
    throw Error(ErrorKind::check, fmt::format("gnuplot failed: {}", complaint(errors.content())));
  }
  return picture;
}

} // namespace tsir
