# Completion of sendad and sendactl in bash, made from the tables behind their --help.

# The options of a program or command, a line each: its name, and the kind of value it takes.
_senda_options() {
    case $1 in
{{options}}
    esac
}

# The commands below a program or command.
_senda_commands() {
    case $1 in
{{commands}}
    esac
}

# The kinds of a command's arguments.
_senda_arguments() {
    case $1 in
{{arguments}}
    esac
}

# The names that the site and the journeys that come along declare: `placement "hero" {` gives hero.
_senda_names() {
    local site
    site=$(sed -n 's/^site *= *"\(.*\)".*/\1/p' {{configuration}} 2>/dev/null)
    find ${site:+"$site"} {{journeys}} -maxdepth 2 -name '*.lua' -exec cat {} + 2>/dev/null |
        sed -n "s/^[[:space:]]*$1 \"\([a-z0-9_-]*\)\".*/\1/p" | sort -u
}

# _senda_offer KIND [CHOICE]...: fills COMPREPLY with what may stand for $word.
_senda_offer() {
    local kind=$1
    shift
    case $kind in
    folder | file)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -A "${kind/folder/directory}" -- "$word")
        ;;
    word) mapfile -t COMPREPLY < <(compgen -W "$*" -- "$word") ;;
    name) mapfile -t COMPREPLY < <(compgen -W "$(_senda_names "$1")" -- "$word") ;;
    address)
        compopt -o nospace 2>/dev/null
        if [[ $word == unix:* ]]; then
            mapfile -t COMPREPLY < <(compgen -P unix: -A file -- "${word#unix:}")
        else
            mapfile -t COMPREPLY < <(compgen -W "$*" -- "$word")
        fi
        ;;
    esac
}

# The kind of value that the option $1 takes; nothing where it takes none.
_senda_kind() {
    _senda_options "$command" | sed -n "s/^$1 //p"
}

# COMP_WORDS up to the cursor, without the cuts that bash makes at = and :, in `words`.
_senda_join() {
    local i before=''
    for ((i = 0; i <= COMP_CWORD; i++)); do
        if ((i > 0)) && [[ ${COMP_WORDS[i]} == [=:]* || $before == [=:] ]]; then
            words[${#words[@]} - 1]+=${COMP_WORDS[i]}
        else
            words+=("${COMP_WORDS[i]}")
        fi
        before=${COMP_WORDS[i]}
    done
}

_senda() {
    local -a words=() kind=()
    local i=1 command word before
    _senda_join
    command=${words[0]##*/} word=${words[${#words[@]} - 1]} before=${words[${#words[@]} - 2]}
    while ((i < ${#words[@]} - 1)) && _senda_commands "$command" | grep -qxFe "${words[i]}"; do
        command+=" ${words[i++]}"
    done
    if [[ $word == --*=* ]]; then
        read -ra kind < <(_senda_kind "${word%%=*}")
        word=${word#*=}
    elif [[ $before == -* ]]; then
        read -ra kind < <(_senda_kind "$before")
    fi
    if ((${#kind[@]} == 0)); then
        if [[ -n $(_senda_commands "$command") ]]; then
            read -ra kind < <(echo word $(_senda_commands "$command"))
        elif [[ $word == -* ]]; then
            read -ra kind < <(echo word $(_senda_options "$command" | sed -n 's/^\(--[^ ]*\).*/\1/p'))
        else
            read -ra kind < <(_senda_arguments "$command")
        fi
    fi
    COMPREPLY=()
    _senda_offer "${kind[@]}"
    # bash puts the answers behind its last cut.
    [[ $COMP_WORDBREAKS == *:* ]] && COMPREPLY=("${COMPREPLY[@]#"${word%"${word##*:}"}"}")
    return 0
}

complete -F _senda sendad sendactl
