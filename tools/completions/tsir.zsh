#compdef tsir
# Completion of tsir for zsh. To use it in this shell: source <(tsir completions zsh)
_tsir() {
  local -a lines words_found descriptions flags
  local line typed=${(Q)words[1]}
  local program=${${commands[$typed]:-$typed}:A} # tsir-complete is beside it
  lines=("${(@f)$("${program:h}/tsir-complete" words "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
  case $lines[1] in
    files) _files; return ;;
    folders) _files -/; return ;;
    unfinished) flags=(-S '') ;;
  esac
  for line in "${(@)lines[2,-1]}"; do
    words_found+=("${line%%$'\t'*}")
    descriptions+=("${line/$'\t'/  -- }")
  done
  compadd "${(@)flags}" -l -d descriptions -a -- words_found
}
# As a file of fpath this is the function itself; when it is sourced, the function has to be named.
if [[ $funcstack[1] == _tsir ]]; then
  _tsir "$@"
else
  compdef _tsir tsir
fi
