package io.j8s.cluster.command;

import io.j8s.apiserver.authentication.oidc.AuthenticationConfiguration;
import io.j8s.apiserver.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// One issuer of OpenID Connect tokens by flags: an AuthenticationConfiguration of one entry.
final class OidcOptions {

    @Option(names = "--oidc-issuer-url", paramLabel = "URL", description = "The issuer of OpenID Connect tokens.")
    private String issuer = "";
    @Option(names = "--oidc-client-id", paramLabel = "ID", description = "The audience that its tokens must have.")
    private String clientId = "";
    @Option(names = "--oidc-ca-file", paramLabel = "FILE", description = "The authorities of its server (default: the system's).")
    private @Nullable Path authority;
    @Option(names = "--oidc-username-claim", paramLabel = "CLAIM", description = "The claim that is the user's name (default: sub).")
    private @Nullable String userClaim;
    @Option(names = "--oidc-username-prefix", paramLabel = "PREFIX", description = "Put before users' names; - for nothing (default: the issuer and #, except for the claim email).")
    private @Nullable String userPrefix;
    @Option(names = "--oidc-groups-claim", paramLabel = "CLAIM", description = "The claim with the user's groups.")
    private String groupsClaim = "";
    @Option(names = "--oidc-groups-prefix", paramLabel = "PREFIX", description = "Put before groups.")
    private String groupsPrefix = "";
    @Option(names = "--oidc-required-claim", paramLabel = "CLAIM=VALUE", split = ",", description = "A claim that tokens must have; may be repeated.")
    private Map<String, String> required = new LinkedHashMap<>();
    @Option(names = "--oidc-signing-algs", paramLabel = "NAMES", split = ",", description = "The algorithms that tokens may be signed with (default: RS256).")
    private List<String> algorithms = new ArrayList<>();

    boolean given() {
        return !issuer.isEmpty() || !clientId.isEmpty() || authority != null || userClaim != null || userPrefix != null || !groupsClaim.isEmpty() || !groupsPrefix.isEmpty()
                || !required.isEmpty() || !algorithms.isEmpty();
    }

    /// @param ownIssuers those of service accounts' tokens
    AuthenticationConfiguration configuration(List<String> ownIssuers) {
        if (issuer.isEmpty() || clientId.isEmpty()) {
            throw new ConfigurationException("oidc-issuer-url and oidc-client-id must be specified together when any oidc-* flags are set");
        }
        Map<String, Object> issuerPart = new LinkedHashMap<>();
        issuerPart.put("url", issuer);
        issuerPart.put("audiences", List.of(clientId));
        Path file = authority;
        if (file != null) {
            issuerPart.put("certificateAuthority", text(file));
        }
        String claim = userClaim == null ? "sub" : userClaim;
        String prefix = userPrefix == null ? claim.equals("email") ? "" : issuer + "#" : userPrefix.equals("-") ? "" : userPrefix;
        Map<String, Object> mappings = new LinkedHashMap<>();
        mappings.put("username", Map.of("claim", claim, "prefix", prefix));
        if (!groupsClaim.isEmpty()) {
            mappings.put("groups", Map.of("claim", groupsClaim, "prefix", groupsPrefix));
        }
        List<Map<String, String>> rules = new ArrayList<>();
        required.forEach((name, value) -> rules.add(Map.of("claim", name, "requiredValue", value)));
        Map<String, Object> jwt = Map.of("issuer", issuerPart, "claimMappings", mappings, "claimValidationRules", rules);
        return AuthenticationConfiguration.ofFlags(jwt, algorithms.isEmpty() ? Set.of("RS256") : Set.copyOf(algorithms), ownIssuers);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new ConfigurationException("--oidc-ca-file: " + file + " cannot be read: " + e, e);
        }
    }
}
