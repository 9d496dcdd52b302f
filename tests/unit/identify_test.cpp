#include "lib/archive/identify.h"

#include "lib/base/error.h"
#include "lib/compat/libtorch.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

class Text : public Bytes {
public:
  explicit Text(std::string content) : content_(std::move(content)) {
    path_ = "m.pt";
    view_ = {reinterpret_cast<const std::byte*>(content_.data()), content_.size()};
  }

private:
  std::string content_;
};

using namespace std::string_literals;

FileIdentity identity(std::string content) {
  return identify(Text(std::move(content)));
}

TEST(Identify, KnowsFormatsByTheirFirstBytes) {
  EXPECT_EQ(identity("\x89HDF\r\n\x1a\n" + std::string(20, '\0')).kind, FileKind::hdf5);
  EXPECT_EQ(identity("\x1c\0\0\0PTMF"s + std::string(20, '\0')).kind, FileKind::flatbuffer);
  EXPECT_EQ(identity("\x08\x09\x12\x07pytorch"s).kind, FileKind::onnx);
  EXPECT_EQ(identity("\x02\0\0\0\0\0\0\0{}"s).kind, FileKind::safetensors);
  EXPECT_EQ(identity("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."s).kind, FileKind::state_dict);
  EXPECT_NE(identity("\x1f\x8b\x08\0\0\0"s).description.find("gzip"), std::string::npos);
}

TEST(Identify, TellsGraphsFromOtherText) {
  EXPECT_EQ(identity("# RUN: x\n\n  graph(%x : Tensor):\n  return (%x)\n").kind, FileKind::ir_text);
  EXPECT_EQ(identity("a graph(%x) inside text\n").kind, FileKind::text);
  EXPECT_EQ(identity("# only a comment").kind, FileKind::text);
  EXPECT_NE(identity("version https://git-lfs.github.com/spec/v1\n").description.find("Git LFS"), std::string::npos);
}

TEST(Identify, SaysThatAZipIsCut) {
  const FileIdentity cut = identity("PK\3\4 and no directory");
  EXPECT_EQ(cut.kind, FileKind::damaged_zip);
  EXPECT_NE(cut.description.find("truncated"), std::string::npos);
}

TEST(Identify, RefusesWithWhatItIsAndWhatToDo) {
  const Text text("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."s);
  try {
    require_torchscript(text, identify(text));
    FAIL() << "a checkpoint was taken for a module";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::load);
    EXPECT_EQ(std::string(error.what()).find("m.pt is an eager checkpoint"), 0u);
    EXPECT_NE(std::string(error.what()).find("torch.jit.save"), std::string::npos);
  }
}

} // namespace
} // namespace tsir
