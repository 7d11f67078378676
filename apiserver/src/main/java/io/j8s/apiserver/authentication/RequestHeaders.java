package io.j8s.apiserver.authentication;

import io.j8s.apiserver.configuration.ConfigurationException;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/// Users whom a proxy names in headers (`--requestheader-*`), believed only when the proxy shows a certificate of its own authority, and one of the names that are allowed.
public final class RequestHeaders implements Authenticator {

    private final Settings settings;
    private final Supplier<Instant> now;

    /// @param authorities of proxies' certificates; asked at each request
    /// @param allowedNames the common names that proxies may have; empty: any
    /// @param extraPrefixes what headers with further attributes begin with
    public record Settings(
            Supplier<List<X509Certificate>> authorities, List<String> allowedNames, List<String> userHeaders, List<String> uidHeaders, List<String> groupHeaders,
            List<String> extraPrefixes) {

        public Settings {
            allowedNames = List.copyOf(allowedNames);
            userHeaders = checked(userHeaders, "username-headers");
            uidHeaders = checked(uidHeaders, "uid-headers");
            groupHeaders = checked(groupHeaders, "group-headers");
            extraPrefixes = checked(extraPrefixes, "extra-headers-prefix");
            if (userHeaders.isEmpty()) {
                throw new ConfigurationException("--requestheader-username-headers must name at least one header, such as X-Remote-User, when --requestheader-client-ca-file is given");
            }
        }

        private static List<String> checked(List<String> headers, String flag) {
            List<String> trimmed = headers.stream().map(String::strip).toList();
            if (trimmed.contains("")) {
                throw new ConfigurationException("--requestheader-" + flag + ": empty header \"\"");
            }
            return trimmed;
        }
    }

    public RequestHeaders(Settings settings, Supplier<Instant> now) {
        this.settings = settings;
        this.now = now;
    }

    @Override
    public Authentication authenticate(Exchange exchange) {
        List<X509Certificate> chain = exchange.peerCertificates();
        if (chain.isEmpty()) {
            return Authentication.NONE;
        }
        String name = first(exchange.headers(), settings.userHeaders);
        if (name.isEmpty()) {
            return Authentication.NONE;
        }
        Authentication proxy = ClientCertificates.check(chain, settings.authorities.get(), now.get());
        return switch (proxy) {
            case Authentication.Known(User user, var audiences) when settings.allowedNames.isEmpty() || settings.allowedNames.contains(user.name()) ->
                new Authentication.Known(named(exchange.headers(), name));
            case Authentication.Known(User user, var audiences) -> new Authentication.Failed("x509: subject with cn=" + user.name() + " is not in the allowed list");
            case Authentication.Failed failed -> failed;
            case Authentication.None _ when settings.allowedNames.isEmpty() && trusted(chain) -> new Authentication.Known(named(exchange.headers(), name));
            case Authentication.None none -> none;
        };
    }

    /// A certificate without a common name.
    private boolean trusted(List<X509Certificate> chain) {
        try {
            ClientCertificates.verify(chain, settings.authorities.get(), now.get());
            return true;
        } catch (java.security.GeneralSecurityException e) {
            return false;
        }
    }

    private User named(Headers headers, String name) {
        List<String> groups = new ArrayList<>();
        for (String header : settings.groupHeaders) {
            headers.all(header).stream().filter(group -> !group.isEmpty()).forEach(groups::add);
        }
        return new User(name, first(headers, settings.uidHeaders), groups, extra(headers));
    }

    private static String first(Headers headers, List<String> names) {
        for (String name : names) {
            String value = headers.getOr(name, "");
            if (!value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    private Map<String, List<String>> extra(Headers headers) {
        Map<String, List<String>> extra = new LinkedHashMap<>();
        headers.forEach((header, value) -> {
            for (String prefix : settings.extraPrefixes) {
                if (header.regionMatches(true, 0, prefix, 0, prefix.length())) {
                    extra.computeIfAbsent(unescaped(header.substring(prefix.length()).toLowerCase(Locale.ROOT)), key -> new ArrayList<>()).add(value);
                    return;
                }
            }
        });
        return extra;
    }

    private static String unescaped(String key) {
        try {
            return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return key;
        }
    }
}
