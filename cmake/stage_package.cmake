# Run by cpack: makes the files of the Debian package in its staging folder. The bundle stays together in lib/tsir;
# man pages and completions go where Debian's programs look for them.
set(prefix "${CPACK_TEMPORARY_INSTALL_DIRECTORY}${CPACK_PACKAGING_INSTALL_PREFIX}")
execute_process(
  # cpack sets DESTDIR, which `cmake --install` would put before the folder of the bundle.
  COMMAND "${CMAKE_COMMAND}" -E env --unset=DESTDIR
          "${CPACK_TSIR_SOURCE}/tools/bundle" --build "${CPACK_TSIR_BUILD}" --output "${prefix}/lib"
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
file(GLOB bundle "${prefix}/lib/tsir-*")
file(RENAME "${bundle}" "${prefix}/lib/tsir")
set(share "${prefix}/lib/tsir/share")

file(MAKE_DIRECTORY "${prefix}/bin" "${prefix}/share/man" "${prefix}/share/doc" "${prefix}/share/zsh")
foreach(program IN ITEMS tsir tsir-complete)
  file(CREATE_LINK "../lib/tsir/bin/${program}" "${prefix}/bin/${program}" SYMBOLIC)
endforeach()
file(RENAME "${share}/bash-completion" "${prefix}/share/bash-completion")
file(RENAME "${share}/fish" "${prefix}/share/fish")
file(RENAME "${share}/zsh/site-functions" "${prefix}/share/zsh/vendor-completions")
file(REMOVE_RECURSE "${share}/zsh")
file(RENAME "${share}/man/man1" "${prefix}/share/man/man1")
file(REMOVE_RECURSE "${share}/man")
file(RENAME "${share}/doc/tsir" "${prefix}/share/doc/tsir")
file(REMOVE_RECURSE "${share}/doc")
file(REMOVE "${prefix}/lib/tsir/README.txt")
file(WRITE "${prefix}/share/doc/tsir/copyright"
  "This package has tsir, and in /usr/lib/tsir/lib copies of libraries from Debian packages.\n"
  "Their copyright files are in /usr/share/doc/tsir/licenses, one for each package.\n")
configure_file("${CPACK_TSIR_SOURCE}/CHANGELOG.md" "${prefix}/share/doc/tsir/changelog" COPYONLY)
file(GLOB pages "${prefix}/share/man/man1/*.1")
execute_process(COMMAND gzip -9n ${pages} "${prefix}/share/doc/tsir/changelog" COMMAND_ERROR_IS_FATAL ANY)

file(READ "${share}/tsir/bundle.json" description)
string(JSON glibc GET "${description}" glibc)
string(JSON libtorch GET "${description}" libtorch)
file(WRITE "${prefix}/share/doc/tsir/README.Debian"
  "tsir needs LibTorch ${libtorch}, which is not in Debian. It looks for it in\n\n"
  "1. the folder that the environment variable TSIR_LIBTORCH names,\n"
  "2. /usr/lib/tsir/libtorch and /usr/lib/libtorch,\n"
  "3. the Python environment that is active, if it has torch.\n")
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libc6 (>= ${glibc})")
