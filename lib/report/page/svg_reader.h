// Reads SVG token by token. Private to svg*.cpp and plot_svg.cpp.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tsir {

class SvgReader {
public:
  using Attributes = std::map<std::string, std::string>;

  explicit SvgReader(std::string_view text) : text_(text) {}
  virtual ~SvgReader() = default;

  // Calls the functions below for each element and text, until the end. Comments, declarations and processing
  // instructions are left out.
  void read();

protected:
  virtual void open(const std::string& name, const Attributes& attributes) = 0;
  virtual void close() = 0;                                // the element that was opened last; may be one too many
  virtual void characters(const std::string& content) = 0; // with entities decoded

  static std::string value_of(const Attributes& attributes, const std::string& name); // "" if it is not there

private:
  void tag();
  std::string word();
  Attributes attributes();

  std::string_view text_;
  size_t at_ = 0;
};

bool is_decimal(std::string_view text); // "12"
// "12.34" becomes "12.3": a tenth of a point cannot be seen. Whatever is neither a number nor a command of a path is
// dropped.
std::string rounded_numbers(std::string_view text);
// A colour as six hexadecimal digits, "n" for none.
std::string color_digits(std::string_view text);
// Whether the word is one of the classes that stand for colours, font sizes and alignment.
bool is_style_class(std::string_view word);
std::vector<std::string> words_of(std::string_view text);

} // namespace tsir
