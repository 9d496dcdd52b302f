# Completion of tsir for fish. To use it in this shell: tsir completions fish | source
function __tsir_complete
    set -l words (commandline -opc)
    set -l program (readlink -f (command -s $words[1])) # tsir-complete is beside it
    set -l helper (string replace -r '[^/]*$' tsir-complete $program)
    set -l typed (commandline -ct | string replace -r '^["\']' '') # a quote that is still open
    set -l lines ($helper words $words[2..-1] "$typed" 2>/dev/null)
    switch "$lines[1]"
        case files
            __fish_complete_path (commandline -ct)
        case folders
            __fish_complete_directories (commandline -ct)
        case '*'
            printf '%s\n' $lines[2..-1]
    end
end
complete -c tsir -f -a '(__tsir_complete)'
