package io.j8s.cluster.server;

import io.j8s.apiserver.authentication.Authentication;
import io.j8s.apiserver.authentication.Authenticator;
import io.j8s.apiserver.authentication.AuthenticatorChain;
import io.j8s.apiserver.authentication.BearerTokens;
import io.j8s.apiserver.authentication.ClientCertificates;
import io.j8s.apiserver.authentication.User;
import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.model.authentication.v1.TokenReview;
import io.j8s.model.authentication.v1.TokenReviewSpec;
import io.j8s.model.authentication.v1.UserInfo;
import io.j8s.model.authorization.v1.NonResourceAttributes;
import io.j8s.model.authorization.v1.SubjectAccessReview;
import io.j8s.model.authorization.v1.SubjectAccessReviewSpec;
import io.j8s.http.Exchange;
import io.j8s.runtime.Timeline;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Who may see what a component serves: as upstream's components, it asks the API server who sent a token (TokenReview) and whether that user may (SubjectAccessReview), and keeps
/// the answers for a while. Any thread.
///
/// Some paths are open to everybody, and to `system:masters` all are.
final class ComponentGuard {
    private static final Duration KEPT = Duration.ofSeconds(10);
    private static final int MOST_KEPT = 1000;
    private final @Nullable Client access;
    private final Timeline timeline;
    private final List<String> open;
    private final Authenticator authenticator;
    // Both guarded by themselves; the eldest goes when they are full.
    private final Map<String, Kept<Authentication>> users = new Bounded<>();
    private final Map<Question, Kept<Boolean>> answers = new Bounded<>();

    private record Kept<V>(V value, long until) {}

    private record Question(User user, String verb, String path) {}

    private static final class Bounded<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > MOST_KEPT;
        }
    }

    /// What came of looking at a request.
    sealed interface Verdict {
        /// It may be answered.
        record Allowed() implements Verdict {}

        /// It has a credential that is not valid.
        record Unknown() implements Verdict {}

        /// This user may not.
        record Refused(User user, String verb) implements Verdict {}
    }

    /// @param tokens asks who sent a token; null: a token counts for nothing
    /// @param access asks what a user may; null: nobody may see more than what is open
    /// @param authorities those that sign clients; asked at each request
    /// @param open paths that need no permission (`/healthz`); one that ends in `*` opens all that begin so
    ComponentGuard(@Nullable Client tokens, @Nullable Client access, Timeline timeline, Supplier<List<X509Certificate>> authorities, List<String> open) {
        this.access = access;
        this.timeline = timeline;
        this.open = List.copyOf(open);
        List<Authenticator> chain = new ArrayList<>(List.of(new ClientCertificates(authorities, timeline::now)));
        if (tokens != null) {
            chain.add(new BearerTokens((token, audiences) -> user(tokens, token)));
        }
        this.authenticator = new AuthenticatorChain(chain, exchange -> true);
    }

    Verdict judge(Exchange exchange) {
        return switch (authenticator.authenticate(exchange)) {
            case Authentication.Failed failed -> new Verdict.Unknown();
            case Authentication.None none -> new Verdict.Unknown();
            case Authentication.Known(User user, List<String> audiences) -> {
                String verb = exchange.method().toLowerCase(java.util.Locale.ROOT);
                yield isOpen(exchange.path()) || user.in(User.MASTERS) || access != null && may(access, new Question(user, verb, exchange.path())) ? new Verdict.Allowed() : new Verdict.Refused(user, verb);
            }
        };
    }

    private boolean isOpen(String path) {
        return open.stream().anyMatch(o -> o.endsWith("*") ? path.startsWith(o.substring(0, o.length() - 1)) : path.equals(o));
    }

    private Authentication user(Client asked, String token) {
        return kept(users, token, () -> {
            var status = asked.create(TokenReview.RESOURCE, "", TokenReview.EMPTY.withSpec(TokenReviewSpec.EMPTY.withToken(token))).status();
            UserInfo user = status.user();
            return status.authenticated()
                    ? new Authentication.Known(new User(user.username(), user.uid(), user.groups(), user.extra()))
                    : Authentication.NONE;
        }, Authentication.NONE);
    }

    private boolean may(Client asked, Question question) {
        User user = question.user();
        return kept(answers, question, () -> asked.create(SubjectAccessReview.RESOURCE, "", SubjectAccessReview.EMPTY.withSpec(SubjectAccessReviewSpec.EMPTY
                .withUser(user.name()).withUid(user.uid()).withGroups(user.groups()).withExtra(user.extra())
                .withNonResourceAttributes(NonResourceAttributes.EMPTY.withPath(question.path()).withVerb(question.verb())))).status().allowed(), false);
    }

    /// What is known, or what asking answers; when the API server cannot be asked, nobody is let in, and nothing is kept.
    private <K, V> V kept(Map<K, Kept<V>> known, K key, Supplier<V> ask, V otherwise) {
        long now = timeline.nanoTime();
        synchronized (known) {
            Kept<V> found = known.get(key);
            if (found != null && found.until() - now > 0) {
                return found.value();
            }
        }
        try {
            V answer = ask.get();
            synchronized (known) {
                known.put(key, new Kept<>(answer, now + KEPT.toNanos()));
            }
            return answer;
        } catch (ApiException e) {
            return otherwise;
        }
    }
}
