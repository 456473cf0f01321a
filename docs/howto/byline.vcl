vcl 4.1;

import std;

backend default {
    .host = "127.0.0.1";
    .port = "8000";
    .probe = {
        .url = "/health/live";
        .interval = 2s;
        .timeout = 1s;
        .window = 3;
        .threshold = 2;
        .initial = 2;
    }
}

# Who may tell what to forget: the machine on which the worker runs.
acl purgers {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "BAN") {
        if (client.ip !~ purgers) {
            return (synth(403, "Forbidden"));
        }
        if (!req.http.Surrogate-Key-Pattern) {
            return (synth(400, "No pattern"));
        }
        if (!std.ban("obj.http.Surrogate-Key ~ " + req.http.Surrogate-Key-Pattern)) {
            return (synth(400, std.ban_error()));
        }
        return (synth(200, "Banned"));
    }
    # Byline says in every answer whether it may be held, and what may be held is the
    # same for everybody: cookies make no difference, and need no list of addresses.
    if (req.method == "GET" || req.method == "HEAD") {
        # To the second while Byline lives; what was held last when it does not.
        if (std.healthy(req.backend_hint)) {
            set req.grace = 0s;
        }
        return (hash);
    }
    return (pass);
}

sub vcl_backend_response {
    if (beresp.http.Surrogate-Control ~ "max-age=\d+") {
        set beresp.ttl = std.duration(
            regsub(beresp.http.Surrogate-Control, "^.*max-age=(\d+).*$", "\1s"), 0s);
        set beresp.grace = 1d;
        unset beresp.http.Surrogate-Control;
        return (deliver);
    }
    # Files whose name changes with their content: as long as they say.
    if (beresp.status == 200 && beresp.http.Cache-Control ~ "immutable") {
        return (deliver);
    }
    # Everything else is for one reader, or for one moment.
    set beresp.uncacheable = true;
    set beresp.ttl = 120s;
    return (deliver);
}

sub vcl_deliver {
    unset resp.http.Surrogate-Key;
}
