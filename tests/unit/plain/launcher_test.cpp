// Where the launcher of a bundle finds LibTorch, and which libraries it adds.
#include "lib/base/scratch_folder.h"
#include "tools/launcher/libtorch.h"
#include "tools/launcher/system.h"

#include <gtest/gtest.h>

#include <fstream>

namespace tsir::launcher {
namespace {

namespace fs = std::filesystem;

class LauncherTest : public testing::Test {
protected:
  fs::path folder(const std::string& name) const { return fs::canonical(scratch_.path()) / name; }
  void write(const std::string& name, const std::string& text = "") const {
    fs::create_directories(folder(name).parent_path());
    std::ofstream(folder(name)) << text;
  }
  void add_libtorch(const std::string& name) const { write(name + "/lib/libtorch_cpu.so"); }
  Surroundings surroundings() const { return {.installation = folder("opt/tsir")}; }
  static std::string failure_of(const std::function<void()>& work) {
    try {
      work();
    } catch (const NotFound& error) {
      return error.what();
    }
    return "";
  }

private:
  ScratchFolder scratch_{"launcher"};
};

TEST_F(LauncherTest, TakesTheFolderThatIsGivenBeforeAllOthers) {
  add_libtorch("given/torch");
  add_libtorch("opt/libtorch");
  Surroundings given = surroundings();
  for (const char* name : {"given", "given/torch", "given/torch/lib"}) { // the folder above it, itself, its lib
    given.libtorch = folder(name);
    EXPECT_EQ(find_libtorch(given), folder("given/torch")) << name;
  }
  given.libtorch = folder("nowhere");
  EXPECT_EQ(failure_of([&] { find_libtorch(given); }),
            "there is no LibTorch in TSIR_LIBTORCH=" + folder("nowhere").string() +
                ": it must name a folder that has lib/libtorch_cpu.so");
}

TEST_F(LauncherTest, LooksBesideTheInstallationThenInPythonEnvironments) {
  add_libtorch("usr/lib/python3.11/site-packages/torch");
  write("usr/bin/python3");
  Surroundings around = surroundings();
  around.path = folder("empty").string() + ":" + folder("usr/bin/").string();
  EXPECT_EQ(find_libtorch(around), folder("usr/lib/python3.11/site-packages/torch"));
  add_libtorch("conda/lib/python3.12/site-packages/torch");
  around.conda_prefix = folder("conda");
  EXPECT_EQ(find_libtorch(around), folder("conda/lib/python3.12/site-packages/torch"));
  add_libtorch("venv/lib64/python3.13/site-packages/torch");
  around.virtual_env = folder("venv");
  EXPECT_EQ(find_libtorch(around), folder("venv/lib64/python3.13/site-packages/torch"));
  add_libtorch("opt/libtorch");
  EXPECT_EQ(find_libtorch(around), folder("opt/libtorch"));
  add_libtorch("opt/tsir/libtorch");
  EXPECT_EQ(find_libtorch(around), folder("opt/tsir/libtorch"));
}

TEST_F(LauncherTest, SaysWhatToDoIfThereIsNone) {
  write("usr/bin/python3");
  Surroundings around = surroundings();
  around.path = folder("usr/bin");
  EXPECT_EQ(failure_of([&] { find_libtorch(around); }),
            "no LibTorch found: set TSIR_LIBTORCH to its folder, unpack it to " + folder("opt/libtorch").string() +
                ", or activate a Python environment that has torch");
}

TEST_F(LauncherTest, RefusesAnotherMinorVersion) {
  write("torch/version.py", "from typing import Optional\n__version__ = '2.13.1+cpu'\ndebug = False\n");
  write("libtorch/build-version", "2.9.0+cu130\n");
  EXPECT_EQ(libtorch_version(folder("torch")), "2.13.1+cpu");
  EXPECT_EQ(libtorch_version(folder("libtorch")), "2.9.0+cu130");
  EXPECT_EQ(libtorch_version(folder("nowhere")), "");
  EXPECT_NO_THROW(check_version(folder("torch"), "2.13"));
  EXPECT_NO_THROW(check_version(folder("nowhere"), "2.13")); // a build of one's own may have neither file
  EXPECT_NE(failure_of([&] { check_version(folder("torch"), "2.1"); }), "");
  EXPECT_EQ(
      failure_of([&] { check_version(folder("libtorch"), "2.13"); }),
      "this tsir is built for LibTorch 2.13, and " + folder("libtorch").string() +
          " is version 2.9.0+cu130: set TSIR_LIBTORCH to another, or install the tsir that is built for this one");
}

TEST_F(LauncherTest, AddsItsCxxLibraryOnlyIfTheSystemsIsOlder) {
  const auto add_cxx = [&](const std::string& name, const std::string& version) {
    write(name + "/libstdc++.so." + version);
    fs::create_symlink("libstdc++.so." + version, folder(name) / "libstdc++.so.6");
  };
  add_cxx("tsir/lib/c++", "6.0.30");
  add_cxx("older", "6.0.9");
  add_cxx("newer", "6.0.33");
  const auto folders = [&](const std::vector<fs::path>& system, const std::string& glibc = "2.36") {
    return library_folders(folder("tsir"), folder("torch"), system, glibc);
  };
  const std::vector<fs::path> without = {folder("tsir/lib"), folder("torch/lib")};
  const std::vector<fs::path> with = {folder("tsir/lib"), folder("torch/lib"), folder("tsir/lib/c++")};
  EXPECT_EQ(folders({}), with);
  EXPECT_EQ(folders({folder("older")}), with);
  EXPECT_EQ(folders({folder("older"), folder("newer")}), without);
  EXPECT_EQ(folders({folder("tsir/lib/c++")}), without); // the same
  write("tsir/share/tsir/bundle.json", R"({"glibc": "2.34", "cxx_library_glibc": "2.36"})");
  EXPECT_EQ(folders({folder("older")}, "2.36"), with);
  EXPECT_EQ(folders({folder("older")}, ""), with); // not known
  EXPECT_EQ(folders({folder("older")}, "2.4"), without);
  EXPECT_EQ(folders({folder("older")}, "2.35"), without);
}

TEST_F(LauncherTest, RefusesAnOlderGlibc) {
  write("old/libc.so.6", std::string("\x7f"
                                     "ELF\0",
                                     5) +
                             "GNU C Library (Debian GLIBC 2.9-1) stable release version 2.9.\n");
  write("other/libc.so.6", "another C library\n");
  EXPECT_EQ(glibc_version({folder("nowhere"), folder("old"), folder("other")}), "2.9");
  EXPECT_EQ(glibc_version({folder("other"), folder("old")}), "");
  EXPECT_EQ(glibc_version({folder("nowhere")}), "");
  const GlibcNeeds needs{.program = "2.34"};
  EXPECT_EQ(
      failure_of([&] { check_glibc("2.9", needs); }),
      "this tsir needs glibc 2.34 or newer, and this system has glibc 2.9: build tsir here, or make a bundle on a "
      "system that is as old");
  for (const char* fine : {"2.34", "2.40", "3.0", ""}) {
    EXPECT_NO_THROW(check_glibc(fine, needs)) << fine;
  }
  EXPECT_NO_THROW(check_glibc("2.9", glibc_needs(folder("nowhere"))));
}

} // namespace
} // namespace tsir::launcher
