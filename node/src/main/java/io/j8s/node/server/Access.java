package io.j8s.node.server;

import io.j8s.client.Client;
import io.j8s.client.WriteOptions;
import io.j8s.http.Exchange;
import io.j8s.model.authentication.v1.TokenReview;
import io.j8s.model.authorization.v1.SubjectAccessReview;
import io.j8s.node.settings.ApiSettings;
import io.j8s.runtime.Timeline;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/// Who may use the node's API (Kubernetes documentation, "Kubelet authentication/authorization"): client certificates are checked here, bearer tokens by the API
/// server; what the user may do is asked of the API server. Its answers are kept for a while.
final class Access {
    /// Every API server allows this group everything, so that it need not be asked.
    private static final String ADMINISTRATORS = "system:masters";
    private static final int MOST_KEPT = 1000;
    private static final Map<String, String> FINE = Map.of("stats", "stats", "metrics", "metrics", "logs", "log", "pods", "pods", "runningpods", "pods", "healthz", "healthz", "configz", "configz");

    private final Client client;
    private final Timeline timeline;
    private final String node;
    private final ApiSettings.Access settings;
    private final Map<Object, Kept<?>> answers = new ConcurrentHashMap<>();

    private static final User ANONYMOUS = new User("system:anonymous", List.of("system:unauthenticated"));

    private record User(String name, List<String> groups) {}

    private record Question(User user, String verb, String subresource) {}

    private record Kept<T>(@Nullable T answer, long until) {}

    Access(Client client, Timeline timeline, String node, ApiSettings.Access settings) {
        this.client = client;
        this.timeline = timeline;
        this.node = node;
        this.settings = settings;
    }

    /// Throws when the request's user is not known (401) or may not do this (403).
    ///
    /// @param part the first part of the path
    void check(Exchange exchange, String part) throws Refusal {
        User user = user(exchange);
        if (user == null) {
            throw new Refusal(401, "Unauthorized");
        }
        String verb = switch (exchange.method()) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> "get";
        };
        if (settings.always() || user.groups().contains(ADMINISTRATORS)) {
            return;
        }
        String fine = FINE.get(part);
        if ((fine == null || !allowed(new Question(user, verb, fine))) && !allowed(new Question(user, verb, "proxy"))) {
            throw new Refusal(403, "Forbidden (user=" + user.name() + ", verb=" + verb + ", resource=nodes, subresource(s)=[" + (fine == null ? "" : fine + " ") + "proxy])");
        }
    }

    private @Nullable User user(Exchange exchange) {
        List<X509Certificate> chain = exchange.peerCertificates();
        if (!chain.isEmpty() && trusted(chain)) {
            return subject(chain.getFirst());
        }
        String authorization = exchange.headers().getOr("authorization", "");
        if (authorization.startsWith("Bearer ") && settings.tokens()) {
            return byToken(authorization.substring(7).strip());
        }
        return authorization.isEmpty() && chain.isEmpty() && settings.anonymous() ? ANONYMOUS : null;
    }

    private boolean trusted(List<X509Certificate> chain) {
        List<X509Certificate> authorities = settings.authorities().get();
        if (authorities.isEmpty()) {
            return false;
        }
        try {
            PKIXParameters parameters = new PKIXParameters(authorities.stream().map(ca -> new TrustAnchor(ca, null)).collect(Collectors.toSet()));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(timeline.now()));
            List<X509Certificate> path = chain.stream().filter(c -> !authorities.contains(c)).toList();
            CertPathValidator.getInstance("PKIX").validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static @Nullable User subject(X509Certificate certificate) {
        try {
            String name = "";
            List<String> groups = new ArrayList<>(List.of("system:authenticated"));
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    name = part.getValue().toString();
                } else if (part.getType().equalsIgnoreCase("O")) {
                    groups.add(part.getValue().toString());
                }
            }
            return name.isEmpty() ? null : new User(name, groups);
        } catch (InvalidNameException e) {
            return null;
        }
    }

    private @Nullable User byToken(String token) {
        return kept(token, settings.tokenKept(), settings.tokenKept(), () -> {
            TokenReview review = client.create(TokenReview.RESOURCE, "", TokenReview.EMPTY.withSpec(s -> s.withToken(token)), WriteOptions.NONE);
            if (!review.status().authenticated()) {
                return null;
            }
            var user = review.status().user();
            return new User(user.username(), user.groups());
        });
    }

    private boolean allowed(Question question) {
        return kept(question, settings.allowedKept(), settings.deniedKept(), () -> {
            SubjectAccessReview review = client.create(SubjectAccessReview.RESOURCE, "", SubjectAccessReview.EMPTY.withSpec(s -> s
                    .withUser(question.user().name()).withGroups(question.user().groups())
                    .withResourceAttributes(a -> a.withVerb(question.verb()).withVersion("v1").withResource("nodes").withSubresource(question.subresource()).withName(node))), WriteOptions.NONE);
            return review.status().allowed() ? Boolean.TRUE : null;
        }) != null;
    }

    private interface Asking<T> {
        @Nullable T ask();
    }

    @SuppressWarnings("unchecked") // each kind of key has its own kind of answer
    private <T> @Nullable T kept(Object key, Duration yes, Duration no, Asking<T> asking) {
        long now = timeline.nanoTime();
        Kept<T> known = (Kept<T>) answers.get(key);
        if (known != null && now < known.until()) {
            return known.answer();
        }
        if (answers.size() > MOST_KEPT) {
            answers.values().removeIf(k -> now >= k.until());
        }
        T answer = asking.ask();
        answers.put(key, new Kept<>(answer, now + (answer == null ? no : yes).toNanos()));
        return answer;
    }
}
