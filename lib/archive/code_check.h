// Checks TorchScript code as text before LibTorch parses it: deep nesting crashes LibTorch's parser, and the parser
// runs any code that is written as the default of an argument or as a class constant.
#pragma once

#include <string>
#include <string_view>

namespace tsir {

// What is allowed where LibTorch runs code during loading. `literals` allows only values and the few harmless functions
// that PyTorch itself writes there.
enum class Defaults { literals, any };

// Scans the text once, without parsing it. Throws an Error(load) that begins with `where` ("m.pt, code/__torch__.py")
// for brackets, indentation or an expression that is nested too deep, an unterminated string, or a default that is not
// allowed.
void check_code(std::string_view code, const std::string& where, Defaults defaults);

} // namespace tsir
