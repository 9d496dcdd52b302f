#include "lib/ir/text/numbers.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <iomanip>

namespace tsir::ir_text {

std::string double_text(double number) {
  if (std::isnan(number)) { // standard libraries print its sign differently
    return std::signbit(number) ? "-nan" : "nan";
  }
  std::ostringstream stream;
  stream << std::setprecision(std::numeric_limits<double>::max_digits10) << number;
  const std::string text = stream.str();
  return is_integer_text(text) ? text + "." : text;
}

std::string exact_double_text(double number) {
  const std::string text = double_text(number);
  const auto usual = double_of(text);
  const auto bits = std::bit_cast<uint64_t>(number);
  return !std::isnan(number) || (usual && std::bit_cast<uint64_t>(*usual) == bits)
             ? text
             : fmt::format("bits(\"{:016x}\")", bits);
}

std::string complex_text(c10::complex<double> number) {
  return fmt::format("{}{}{}j", double_text(number.real()), std::signbit(number.imag()) ? "-" : "+",
                     double_text(std::abs(number.imag())));
}

std::optional<int64_t> integer_of(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

std::optional<double> double_of(std::string_view text) {
  if (text == "-nan") {
    return std::copysign(std::numeric_limits<double>::quiet_NaN(), -1.0);
  }
  if (text == "nan") {
    return std::copysign(std::numeric_limits<double>::quiet_NaN(), 1.0);
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

bool is_integer_text(std::string_view text) {
  return text.find_first_not_of("-0123456789") == std::string_view::npos;
}

} // namespace tsir::ir_text
