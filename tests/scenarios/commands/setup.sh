mkdir -p /tmp/w && cd /tmp/w || exit 1
printf 'one\ntwo\nthree\nfour\nfive\n' > a
printf 'banana 3\napple 10\ncherry 2\napple 1\n' > b
printf 'root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000::/home/ann:/bin/sh\nbob:x:1001:1001:Bob B:/home/bob:/bin/sh\n' > p
printf 'no newline' > n
: > empty
mkdir -p d/sub d2
printf 'x\n' > d/x
printf 'yy\n' > d/sub/y
ln -s x d/link
ln -s nowhere broken
printf 'h\n' > .hidden
printf 'a\tb\tc\n1\t2\t3\n' > t
printf '#!/bin/sh\necho hi "$@"\n' > run.sh
chmod 755 run.sh
printf 'Hello World\nhello there\nHELLO\ngoodbye\n' > g
printf '\000\001bin\n' > bin
seq 1 30 > s
