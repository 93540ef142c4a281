_blackbar() {
    # Bash splits words at = and :, of which the command knows nothing.
    local words=() index=0 word k
    for ((k = 0; k <= COMP_CWORD; k++)); do
        word=${COMP_WORDS[k]}
        if ((${#words[@]} > 0)) && [[ $word == [=:]* || ${words[-1]} == *[=:] ]] && [[ $COMP_LINE == *"${words[-1]}$word"* ]]; then
            words[-1]+=$word
        else
            words+=("$word")
        fi
    done
    index=$((${#words[@]} - 1))
    # What is before the part that bash completes stays on the line.
    local cut=$((${#words[index]} - ${#COMP_WORDS[COMP_CWORD]})) IFS=$'\n'
    [[ ${COMP_WORDS[COMP_CWORD]} == [=:] ]] && cut=${#words[index]}
    COMPREPLY=($(_CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX=$index _BLACKBAR_COMPLETE=bash command blackbar -- "${words[@]}" 2>/dev/null))
    for k in "${!COMPREPLY[@]}"; do
        COMPREPLY[k]=${COMPREPLY[k]:cut}
    done
    # After a directory, or a name whose value follows, there is no blank.
    [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=/] ]] && compopt -o nospace
    return 0
}
complete -o bashdefault -F _blackbar blackbar
