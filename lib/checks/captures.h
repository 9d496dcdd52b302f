// Values in text of IR, as FileCheck's variables: what a value is called may change, who uses it may not.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace tsir {

class Captures {
public:
  // `line` as a pattern: `%[[ADD:[^ ,:)]+]]` where a value is met first, `%[[ADD]]` afterwards, and everything else as
  // text that FileCheck takes word for word. Names tell what a value is: the name that people gave, or its operator.
  // Outside of graphs, in messages, new values with names stay as they are.
  std::string pattern(std::string_view line, bool in_graph = true);
  // At a CHECK-LABEL, where FileCheck forgets its variables.
  void forget();

private:
  std::string reference(std::string_view name, std::string_view kind, bool delimited);
  std::string free_name(const std::string& wanted);

  std::unordered_map<std::string, std::string> variables_; // by value
  std::unordered_set<std::string> taken_;
};

// Text that FileCheck takes word for word.
std::string escaped_literal(std::string_view text);

} // namespace tsir
