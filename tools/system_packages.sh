#!/bin/sh
# Debian packages that some tests need. As root they are installed; otherwise, or offline, they are named, and exactly
# the tests that need them are skipped, visibly.
set -eu
need=""
want() { command -v "$1" >/dev/null 2>&1 || need="$need $2"; }
want chromium chromium
want soffice libreoffice-writer-nogui
want pdftoppm poppler-utils
want antiword antiword
command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need="$need postgresql"
fc-list 2>/dev/null | grep -qi "noto.*cjk" || need="$need fonts-noto-cjk"
ldconfig -p 2>/dev/null | grep -q libpangoft2-1.0 || need="$need libpango-1.0-0 libpangoft2-1.0-0"
[ -n "$need" ] || exit 0
install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
    apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $need >/dev/null
}
install || echo "缺少系统软件包，相关测试将跳过 / missing system packages, their tests will be skipped:$need"
