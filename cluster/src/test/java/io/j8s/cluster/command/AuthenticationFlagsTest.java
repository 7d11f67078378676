package io.j8s.cluster.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.apiserver.authentication.token.SigningKey;
import io.j8s.apiserver.authentication.token.VerifyingKey;
import io.j8s.cluster.pki.CertificateOrder;
import io.j8s.cluster.pki.Credential;
import io.j8s.cluster.pki.PkiFolder;
import io.j8s.http.Headers;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The flags that say who is who, against real issuers, webhooks and proxies.
class AuthenticationFlagsTest {


    @TempDir
    Path directory = Path.of("");

    private RunningApiServer start(String... flags) throws IOException {
        String[] all = java.util.Arrays.copyOf(flags, flags.length + 1);
        all[flags.length] = "--data-dir=" + directory.resolve("data");
        return RunningApiServer.start(directory, all);
    }

    /// A pair of keys that signs tokens, and the issuer that publishes them.
    private final class Issuer implements AutoCloseable {
        private final KeyPair keys;
        private final SigningKey signing;
        private final AtomicReference<@Nullable Peer> peer = new AtomicReference<>();

        Issuer(String algorithm) throws GeneralSecurityException, IOException {
            keys = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
            signing = new SigningKey(VerifyingKey.of(keys.getPublic()).id(), keys.getPrivate());
            peer.set(new Peer(directory, this::answer));
        }

        private Map<?, ?> answer(String path, Map<?, ?> body) {
            return switch (path) {
                case "/.well-known/openid-configuration" -> Map.of("issuer", url(), "jwks_uri", url() + "/keys");
                case "/keys" -> Map.of("keys", List.of(VerifyingKey.of(keys.getPublic()).jwk()));
                default -> Map.of();
            };
        }

        Peer peer() {
            return Objects.requireNonNull(peer.get());
        }

        String url() {
            return peer().address();
        }

        String token(Map<String, Object> claims) {
            Map<String, Object> all = new LinkedHashMap<>(Map.of("iss", url(), "aud", "cluster", "exp", Timeline.system().now().getEpochSecond() + 600));
            all.putAll(claims);
            return signing.sign(all);
        }

        @Override
        public void close() {
            peer().close();
        }
    }

    private static Object user(RunningApiServer server, String token, String path) throws IOException, InterruptedException {
        return server.post("/apis/authentication.k8s.io/v1/tokenreviews", "{\"spec\":{\"token\":\"" + token + "\"}}").at("status." + path);
    }

    @Test
    void users_come_by_tokens_of_an_issuer_that_flags_name() throws Exception {
        try (Issuer issuer = new Issuer("RSA");
                RunningApiServer server = start("--oidc-issuer-url=" + issuer.url(), "--oidc-client-id=cluster", "--oidc-ca-file=" + issuer.peer().authority(),
                        "--oidc-groups-claim=roles", "--oidc-groups-prefix=oidc:", "--oidc-required-claim=team=blue")) {
            String token = issuer.token(Map.of("sub", "jane", "roles", List.of("dev"), "team", "blue"));
            assertThat(user(server, token, "user.username")).isEqualTo(issuer.url() + "#jane");
            assertThat(user(server, token, "user.groups")).isEqualTo(List.of("oidc:dev", "system:authenticated"));
            assertThat(server.getAs(token, "/api/v1/namespaces").status()).isEqualTo(403);
            assertThat(server.getAs(issuer.token(Map.of("sub", "jane", "team", "red")), "/version").status()).isEqualTo(401);
            assertThat(server.getAs(issuer.token(Map.of("sub", "jane", "team", "blue", "aud", "other")), "/version").status()).isEqualTo(401);
            assertThat(server.getAs(issuer.token(Map.of("sub", "jane", "team", "blue", "exp", 1_000_000_000L)), "/version").status()).isEqualTo(401);
            String forged = new SigningKey(issuer.signing.id(), KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate())
                    .sign(Map.of("iss", issuer.url(), "aud", "cluster", "sub", "jane", "team", "blue", "exp", Timeline.system().now().getEpochSecond() + 600));
            assertThat(server.getAs(forged, "/version").status()).isEqualTo(401);
        }
    }

    private static final String CONFIGURATION = """
            apiVersion: apiserver.config.k8s.io/v1
            kind: AuthenticationConfiguration
            anonymous: {enabled: true, conditions: [{path: /livez}]}
            jwt:
            - issuer: {url: "%s", audiences: [cluster, other], audienceMatchPolicy: MatchAny, certificateAuthority: "%s"}
              claimValidationRules: [{expression: "claims.hd == 'example.com'", message: wrong domain}]
              claimMappings:
                username: {expression: "'%s' + claims.email + (claims.email_verified ? '' : '?')"}
                groups: {expression: "claims.roles.split(',')"}
                uid: {claim: sub}
                extra: [{key: example.com/tenant, valueExpression: claims.tenant}]
              userValidationRules: [{expression: "!user.username.startsWith('system:')", message: reserved}]
            """;

    @Test
    void a_configuration_maps_claims_by_expressions_and_is_read_again() throws Exception {
        Path file = directory.resolve("authentication.yaml");
        try (Issuer issuer = new Issuer("EC")) {
            String authority = Files.readString(issuer.peer().authority()).replace("\n", "\\n");
            Files.writeString(file, CONFIGURATION.formatted(issuer.url(), authority, "oidc:"));
            try (RunningApiServer server = start("--authentication-config=" + file)) {
                Map<String, Object> claims = new LinkedHashMap<>(
                        Map.of("sub", "1", "email", "jane@example.com", "email_verified", true, "roles", "a,b", "tenant", List.of("t", ""), "hd", "example.com"));
                String token = issuer.token(claims);
                assertThat(user(server, token, "user.username")).isEqualTo("oidc:jane@example.com");
                assertThat(user(server, token, "user.uid")).isEqualTo("1");
                assertThat(user(server, token, "user.groups")).isEqualTo(List.of("a", "b", "system:authenticated"));
                assertThat(user(server, token, "user.extra")).isEqualTo(Map.of("example.com/tenant", List.of("t")));
                claims.put("hd", "elsewhere");
                assertThat(String.valueOf(user(server, issuer.token(claims), "error"))).contains("wrong domain");
                assertThat(server.getAs("", "/livez").status()).isEqualTo(200);
                assertThat(server.getAs("", "/readyz").status()).isEqualTo(401);
                Files.writeString(file, CONFIGURATION.formatted(issuer.url(), authority, "new:"));
                while (!"new:jane@example.com".equals(user(server, token, "user.username"))) {
                    Thread.onSpinWait();
                }
                Files.writeString(file, "kind: Nonsense");
                assertThat(user(server, token, "user.username")).isEqualTo("new:jane@example.com");
            }
        }
    }

    @Test
    void a_webhook_tells_users_and_is_not_asked_twice() throws Exception {
        try (Peer peer = new Peer(directory, (path, review) -> Map.of("status", review.toString().contains("token=known")
                        ? Map.of("authenticated", true, "user", Map.of("username", "hook", "groups", List.of("system:masters")))
                        : Map.of("authenticated", false)));
                RunningApiServer server = start("--authentication-token-webhook-config-file=" + peer.kubeconfig(), "--authentication-token-webhook-version=v1")) {
            assertThat(server.getAs("known", "/api/v1/namespaces").status()).isEqualTo(200);
            assertThat(server.getAs("known", "/api/v1/namespaces").status()).isEqualTo(200);
            assertThat(server.getAs("unknown", "/api/v1/namespaces").status()).isEqualTo(401);
            assertThat(peer.asked).hasSize(2);
            assertThat(peer.asked.getFirst()).extracting("apiVersion").isEqualTo("authentication.k8s.io/v1");
        }
    }

    @Test
    void a_proxy_with_the_right_name_speaks_for_others() throws Exception {
        PkiFolder pki = PkiFolder.open(directory.resolve("proxy-pki"));
        Instant now = Timeline.system().now();
        Credential authority = pki.authority("front-ca", "front", now);
        Credential proxy = pki.leaf("proxy", authority, CertificateOrder.client("front-proxy"), now);
        Credential other = pki.leaf("other", authority, CertificateOrder.client("somebody"), now);
        try (RunningApiServer server = start("--requestheader-client-ca-file=" + pki.certificateFile("front-ca"), "--requestheader-allowed-names=front-proxy",
                "--requestheader-username-headers=X-Remote-User", "--requestheader-group-headers=X-Remote-Group", "--requestheader-extra-headers-prefix=X-Remote-Extra-")) {
            Headers headers = Headers.of("x-remote-user", "jane", "x-remote-group", "system:masters");
            assertThat(server.getWith(proxy.identity(), headers, "/api/v1/namespaces").status()).isEqualTo(200);
            assertThat(server.getWith(other.identity(), headers, "/api/v1/namespaces").status()).isEqualTo(401);
            assertThat(server.getWith(proxy.identity(), Headers.of("x-remote-user", "jane"), "/api/v1/namespaces").body()).contains("User \\\"jane\\\" cannot list");
        }
    }

    @Test
    void authorities_of_clients_are_exchanged_while_it_runs() throws Exception {
        PkiFolder pki = PkiFolder.open(directory.resolve("client-pki"));
        Instant now = Timeline.system().now();
        Credential first = pki.authority("first", "first", now);
        Credential second = pki.authority("second", "second", now);
        Credential mine = pki.leaf("mine", second, CertificateOrder.client("jane", "system:masters"), now);
        Path file = directory.resolve("clients.crt");
        Files.writeString(file, first.certificatePem());
        try (RunningApiServer server = start("--client-ca-file=" + file)) {
            assertThat(server.getWith(mine.identity(), Headers.EMPTY, "/api/v1/namespaces").status()).isEqualTo(401);
            Files.writeString(file, first.certificatePem() + second.certificatePem());
            while (server.getWith(mine.identity(), Headers.EMPTY, "/api/v1/namespaces").status() != 200) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void what_contradicts_itself_is_refused_before_anything_starts() {
        assertThatThrownBy(() -> start("--basic-auth-file=x")).hasMessageContaining("removed in v1.19").hasMessageContaining("--token-auth-file");
        assertThatThrownBy(() -> start("--oidc-issuer-url=https://issuer")).hasMessageContaining("oidc-issuer-url and oidc-client-id must be specified together");
        assertThatThrownBy(() -> start("--oidc-issuer-url=http://issuer", "--oidc-client-id=c")).hasMessageContaining("URL scheme must be https");
        Path file = directory.resolve("bad.yaml");
        assertThatThrownBy(() -> {
            Files.writeString(file, "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwts: []\n");
            start("--authentication-config=" + file);
        }).hasMessageContaining("unknown field \"jwts\"");
    }
}
