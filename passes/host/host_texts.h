// The files of this folder as texts, for programs that do without tsir.
#pragma once

#include "lib/pass/host_code.h"

namespace tsir {

extern const char* const to_channels_last_text;
extern const char* const bf16_text;
extern const char* const dynamic_int8_text;

// Code that calls a function of a file of this folder: `text` is the file's.
HostCode call_of(const char* text, const std::string& call);

} // namespace tsir
