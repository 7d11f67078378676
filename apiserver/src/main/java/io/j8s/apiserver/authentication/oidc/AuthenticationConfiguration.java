package io.j8s.apiserver.authentication.oidc;

import io.j8s.apiserver.configuration.ConfigurationException;
import io.j8s.apiserver.configuration.Document;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An AuthenticationConfiguration file (`--authentication-config`, apiserver.config.k8s.io v1 and v1beta1).
///
/// @param anonymous null: the file does not say
public record AuthenticationConfiguration(List<JwtIssuer> issuers, @Nullable AnonymousAccess anonymous) {

    public static final AuthenticationConfiguration NONE = new AuthenticationConfiguration(List.of(), null);

    private static final int MOST_ISSUERS = 64;

    public AuthenticationConfiguration {
        issuers = List.copyOf(issuers);
    }

    /// Reads a file.
    ///
    /// @param ownIssuers those of service accounts' tokens, which nobody else may claim to be
    /// @throws ConfigurationException naming the field that is wrong
    public static AuthenticationConfiguration parse(byte[] file, List<String> ownIssuers) {
        Document document = Document.of(file, "AuthenticationConfiguration", "apiserver.config.k8s.io/v1", "apiserver.config.k8s.io/v1beta1");
        List<JwtIssuer> issuers = new ArrayList<>();
        Set<String> urls = new HashSet<>();
        Set<String> discoveryUrls = new HashSet<>();
        for (Document jwt : document.objects("jwt")) {
            JwtIssuer issuer = new JwtIssuerReader(jwt, ownIssuers).read();
            if (!urls.add(issuer.url())) {
                throw new ConfigurationException(jwt.path("issuer.url") + ": Duplicate value: \"" + issuer.url() + "\"");
            }
            if (!issuer.discoveryUrl().isEmpty() && !discoveryUrls.add(issuer.discoveryUrl())) {
                throw new ConfigurationException(jwt.path("issuer.discoveryURL") + ": Duplicate value: \"" + issuer.discoveryUrl() + "\"");
            }
            issuers.add(issuer);
        }
        if (issuers.size() > MOST_ISSUERS) {
            throw new ConfigurationException("jwt: Too many: " + issuers.size() + ": must have at most " + MOST_ISSUERS + " items");
        }
        AnonymousAccess anonymous = document.has("anonymous") ? anonymous(document.object("anonymous")) : null;
        document.end();
        return new AuthenticationConfiguration(issuers, anonymous);
    }

    /// The one issuer of the flags `--oidc-*`.
    ///
    /// @param algorithms that its tokens may be signed with
    public static AuthenticationConfiguration ofFlags(Map<String, Object> jwt, Set<String> algorithms, List<String> ownIssuers) {
        for (String algorithm : algorithms) {
            if (!JwtIssuer.ALGORITHMS.contains(algorithm)) {
                throw new ConfigurationException("oidc: unsupported signing alg: \"" + algorithm + "\"; supported are " + JwtIssuer.ALGORITHMS.stream().sorted().toList());
            }
        }
        JwtIssuer issuer = new JwtIssuerReader(Document.of(jwt), ownIssuers).read();
        return new AuthenticationConfiguration(List.of(issuer.signedWith(algorithms)), null);
    }

    private static AnonymousAccess anonymous(Document document) {
        boolean enabled = document.flag("enabled");
        List<String> paths = new ArrayList<>();
        for (Document condition : document.objects("conditions")) {
            paths.add(condition.text("path"));
            condition.end();
        }
        if (!enabled && !paths.isEmpty()) {
            throw new ConfigurationException("anonymous.conditions: Invalid value: enabled should be set to true when conditions are defined");
        }
        document.end();
        return new AnonymousAccess(enabled, paths);
    }
}
