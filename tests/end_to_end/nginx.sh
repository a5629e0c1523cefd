# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# nginx as an ordinary server, for tests and measurements: no root, no files but those named here.

# The temporary directories that this nginx has modules for.
nginx_temp_paths() { # NGINX DIRECTORY
    local compiled name
    compiled=$("$1" -V 2>&1)
    for name in client_body proxy fastcgi uwsgi scgi; do
        if ! grep -q -- "--without-http_${name}_module" <<<"$compiled"; then
            echo "    ${name}_temp_path $2/temp;"
        fi
    done
}

free_port() {
    python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

# Its master and worker are one process, which ends with a kill of its pid. The access log has, for
# each request, its path, status and the body's bytes.
write_nginx_config() { # NGINX SITE DIRECTORY PORT DIRECTIVES
    cat >"$3/nginx.conf" <<END
daemon off;
master_process off;
pid $3/nginx.pid;
error_log $3/error.log;
events { worker_connections 64; }
http {
    log_format short '\$request_uri \$status \$body_bytes_sent';
    access_log $3/access.log short;
$(nginx_temp_paths "$1" "$3")
    sendfile on;
    server {
        listen 127.0.0.1:$4;
        root $2;
        $5
    }
}
END
}

# Serves a directory; sets NGINX_PID and NGINX_URL. Returns 1 if there is no nginx here, 2 if it does
# not start.
start_nginx() { # SITE DIRECTORY [DIRECTIVES]
    local nginx site directory tries port=""
    nginx=$(PATH=$PATH:/usr/sbin:/sbin command -v nginx) || return 1
    mkdir -p "$2"
    site=$(realpath "$1")
    directory=$(realpath "$2")
    for ((tries = 0; tries < 100; tries++)); do
        # Somebody else may have taken the port meanwhile: then another one.
        if [ -z "$port" ] || ! kill -0 "$NGINX_PID" 2>/dev/null; then
            port=$(free_port)
            write_nginx_config "$nginx" "$site" "$directory" "$port" "${3:-}"
            "$nginx" -c "$directory/nginx.conf" </dev/null >"$directory/messages" 2>&1 &
            NGINX_PID=$!
        fi
        if (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            export NGINX_URL=http://127.0.0.1:$port
            return 0
        fi
        sleep 0.05
    done
    kill "$NGINX_PID" 2>/dev/null
    return 2
}
