// Checks TorchScript code as text before LibTorch's parser sees it: the parser dies of nesting, and it runs whatever
// stands as an argument's default or a class constant.
#pragma once

#include <string>
#include <string_view>

namespace tsir {

// What may stand where LibTorch runs code while it loads. `literals` allows only the values and the few harmless
// functions that PyTorch itself writes there.
enum class Defaults { literals, any };

// One pass over the text, without parsing it. Throws Error(load) that begins with `where` ("m.pt, code/__torch__.py"):
// brackets, indentation or an expression nested too deep, a string that does not end, a default that is not allowed.
void check_code(std::string_view code, const std::string& where, Defaults defaults);

} // namespace tsir
