package io.j8s.apiserver.streaming;

import io.j8s.apiserver.status.Refusal;

/// What stands in the place of a name in the path of a `proxy` request: `name`, `name:port` or `scheme:name:port`.
///
/// @param scheme `http` or `https`; empty when not said
/// @param port a number or a port's name; empty when not said
record ProxyName(String scheme, String name, String port) {

    static ProxyName parse(String segment, String kind) {
        String[] parts = segment.split(":", -1);
        ProxyName parsed = switch (parts.length) {
            case 1 -> new ProxyName("", parts[0], "");
            case 2 -> new ProxyName("", parts[0], parts[1]);
            case 3 -> new ProxyName(parts[0], parts[1], parts[2]);
            default -> new ProxyName("", "", "");
        };
        boolean knownScheme = parsed.scheme.isEmpty() || parsed.scheme.equals("http") || parsed.scheme.equals("https");
        if (parsed.name.isEmpty() || !knownScheme) {
            throw Refusal.badRequest("invalid " + kind + " request \"" + segment + "\": use name, name:port or scheme:name:port with the scheme http or https");
        }
        return parsed;
    }

    /// The scheme, or http.
    String schemeOrHttp() {
        return scheme.isEmpty() ? "http" : scheme;
    }
}
