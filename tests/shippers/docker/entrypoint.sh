#!/bin/sh
# /usr/local/bin/blackbar-entrypoint: runs a program with its output and errors redacted.
#
#   COPY blackbar entrypoint.sh /usr/local/bin/
#   ENTRYPOINT ["/usr/local/bin/entrypoint.sh"]
#   CMD ["flask", "run"]
#
# It passes the container's signals on to the program. It exits with the program's status, after all of its output is written.
set -eu

# These pipes have names only until they are open. The shell has no other way to keep both ends.
pipes=$(mktemp -d)
mkfifo "$pipes/out" "$pipes/err"
exec 3<>"$pipes/out" 4<"$pipes/out" 5>"$pipes/out" 3>&-
exec 3<>"$pipes/err" 6<"$pipes/err" 7>"$pipes/err" 3<&0
rm -r "$pipes"

# A shell starts background programs with these two signals ignored. If env cannot undo that, TERM is sent instead.
default='' int=TERM quit=TERM
if env --default-signal=INT true 2>/dev/null; then
    default='env --default-signal=INT --default-signal=QUIT' int=INT quit=QUIT
fi

/usr/local/bin/blackbar --ignore-interrupts <&4 3<&- 4<&- 5>&- 6<&- 7>&- &
out=$!
/usr/local/bin/blackbar --ignore-interrupts <&6 >&2 3<&- 4<&- 5>&- 6<&- 7>&- &
err=$!
$default "$@" <&3 >&5 2>&7 3<&- 4<&- 5>&- 6<&- 7>&- &
program=$!
exec 3<&- 4<&- 5>&- 6<&- 7>&-

pass() { kill -"$1" "$program" 2>/dev/null || :; }
trap 'pass TERM' TERM
trap 'pass HUP' HUP
trap 'pass USR1' USR1
trap 'pass USR2' USR2
trap 'pass $int' INT
trap 'pass $quit' QUIT

# A signal ends the wait; the program may take its time, though.
while :; do
    status=0
    wait "$program" || status=$?
    kill -0 "$program" 2>/dev/null || break
done
wait "$out" "$err" || :
exit "$status"
