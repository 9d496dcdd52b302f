# Completion of tsir for bash. To use it in this shell: source <(tsir completions bash)
_tsir() {
  local program heading lines line
  COMPREPLY=()
  program=$(readlink -f -- "$(type -P -- "$1")") # tsir-complete is beside it
  mapfile -t lines < <("${program%/*}/tsir-complete" bash "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
  heading=${lines[0]:-words}
  case $heading in
    files | folders)
      compopt -o filenames
      [[ $heading == files ]] && mapfile -t COMPREPLY < <(compgen -f -- "$2") \
        || mapfile -t COMPREPLY < <(compgen -d -- "$2")
      return ;;
    unfinished) compopt -o nospace ;;
  esac
  for line in "${lines[@]:1}"; do
    COMPREPLY+=("${line%%$'\t'*}")
  done
}
complete -F _tsir tsir
