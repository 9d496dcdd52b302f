#include "lib/ir/text/number_words.h"

#include "lib/ir/text/numbers.h"

namespace tsir::ir_text {
namespace {

double real_number(const Cursor& cursor, const Word& start, const std::string& text) {
  const auto number = double_of(text);
  if (!number) {
    cursor.fail(start, fmt::format("{} does not fit into 64 bits", text));
  }
  return *number;
}

} // namespace

bool number_begins(const Cursor& cursor) {
  const size_t ahead = cursor.at("-") ? 1 : 0;
  return cursor.peek(ahead).kind == WordKind::number || cursor.at("inf", ahead) || cursor.at("nan", ahead) ||
         cursor.at("infj", ahead) || cursor.at("nanj", ahead);
}

std::string number_text(Cursor& cursor) {
  const std::string sign = cursor.skip("-") ? "-" : "";
  return sign + std::string(cursor.next().text);
}

c10::IValue plain_number(const Cursor& cursor, const Word& start, const std::string& text) {
  if (!is_integer_text(text)) {
    return real_number(cursor, start, text);
  }
  const auto number = integer_of(text);
  if (!number) {
    cursor.fail(start, fmt::format("{} is not a 64-bit integer", text));
  }
  return *number;
}

// 1, 1.5, 2j or 1.+2.j
c10::IValue read_number(Cursor& cursor) {
  const Word start = cursor.peek();
  const std::string text = number_text(cursor);
  if (text.ends_with('j')) {
    return c10::complex<double>(0, real_number(cursor, start, text.substr(0, text.size() - 1)));
  }
  const std::string_view second = cursor.peek(1).text;
  if ((cursor.at("+") || cursor.at("-")) && second.ends_with('j')) {
    const std::string sign = cursor.next().text == "-" ? "-" : "";
    cursor.next();
    return c10::complex<double>(real_number(cursor, start, text),
                                real_number(cursor, start, sign + std::string(second.substr(0, second.size() - 1))));
  }
  return plain_number(cursor, start, text);
}

} // namespace tsir::ir_text
