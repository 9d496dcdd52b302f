#include "lib/model/load/compile_error.h"

#include "lib/compat/libtorch.h"
#include "lib/compat/messages.h"
#include "lib/model/load/missing.h"

namespace tsir {
namespace {

// Converts LibTorch's ` File "code/__torch__.py", line 7, in forward` to "code/__torch__.py, line 7"; "" if there is
// none.
std::string place(std::string_view report) {
  const std::string_view opening = text_of(Message::traceback_frame);
  const std::string_view middle = text_of(Message::traceback_line);
  const auto start = report.find(opening);
  if (start == std::string_view::npos) {
    return "";
  }
  report.remove_prefix(start + opening.size());
  const auto quote = report.find(middle);
  if (quote == std::string_view::npos) {
    return "";
  }
  const size_t number = quote + middle.size();
  size_t end = number;
  while (end < report.size() && std::isdigit(static_cast<unsigned char>(report[end]))) {
    ++end;
  }
  return fmt::format("{}, line {}", one_line(report.substr(0, quote), 100), report.substr(number, end - number));
}

std::string message_of(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error)) {
    return "it needs more memory than is available";
  }
  std::string line = one_line(error);
  while (!line.empty() && (line.back() == ':' || line.back() == '.' || line.back() == ' ')) {
    line.pop_back();
  }
  return line;
}

// The first attribute whose name is not ASCII. PyTorch writes accesses to it in a form that it cannot read.
std::string attribute_beyond_ascii(const std::map<std::string, std::string>& code) {
  constexpr std::string_view opening = "__annotations__[\"";
  for (const auto& [file, text] : code) {
    for (size_t at = text.find(opening); at != std::string::npos; at = text.find(opening, at + 1)) {
      const size_t start = at + opening.size();
      const std::string name = text.substr(start, text.find('"', start) - start);
      if (std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
        return name;
      }
    }
  }
  return "";
}

} // namespace

Error compile_error(const ModuleFile& file, const std::exception& error) {
  const std::string& path = file.archive->bytes().path();
  if (const std::string missing = missing_line(code_needs(file.code)); !missing.empty()) {
    return Error(ErrorKind::load, path + " " + missing);
  }
  const std::string where = place(error.what());
  if (const std::string name = attribute_beyond_ascii(file.code); !name.empty() && says(error.what(), Message::octal)) {
    return Error(
        ErrorKind::load,
        fmt::format("{} cannot be read by any PyTorch: it was saved with an attribute named {}, and PyTorch writes "
                    "names beyond ASCII in a form that it cannot read ({}); rename it and save again",
                    path, one_line(name, 60), where));
  }
  return Error(ErrorKind::load, fmt::format("{} cannot be read by this LibTorch: {}{}", path, message_of(error),
                                            where.empty() ? "" : " (" + where + ")"));
}

} // namespace tsir
