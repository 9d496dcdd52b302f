// The files of this folder as texts, for programs that do without tsir.
#pragma once

#include "lib/pass/host_code.h"

namespace tsir {

extern const char* const to_channels_last_text;
extern const char* const bf16_text;
extern const char* const dynamic_int8_text;
extern const char* const onednn_overflow_text;
extern const char* const onednn_prepare_text;
extern const char* const onednn_layouts_text;
extern const char* const fuse_text;
extern const char* const pack_linear_text;
extern const char* const types_seen_text;

// Code that calls a function of a file of this folder. `texts`: the file's, after those of this folder that it
// includes.
HostCode call_of(const std::vector<const char*>& texts, const std::string& call);

} // namespace tsir
