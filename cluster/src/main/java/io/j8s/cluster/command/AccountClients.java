package io.j8s.cluster.command;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.WriteOptions;
import io.j8s.client.https.ApiEndpoint;
import io.j8s.client.https.Credentials;
import io.j8s.client.https.HttpsClient;
import io.j8s.client.https.Traffic;
import io.j8s.http.EventLoops;
import io.j8s.model.authentication.v1.TokenRequest;
import io.j8s.model.authentication.v1.TokenRequestSpec;
import io.j8s.model.core.v1.ServiceAccount;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A client for each controller, as its service account in kube-system (`--use-service-account-credentials`). Accounts that are missing are made; tokens are asked for when
/// they are first needed, and again when most of their life is over.
final class AccountClients implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccountClients.class);
    private static final String NAMESPACE = "kube-system";
    private static final Duration LIFE = Duration.ofHours(1);
    private final Client manager;
    private final ApiEndpoint endpoint;
    private final EventLoops loops;
    private final Timeline timeline;
    private final Traffic traffic;
    // both guarded by this
    private final Map<String, HttpsClient> clients = new HashMap<>();
    private final List<Task> asking = new ArrayList<>();

    /// @param manager may make the accounts and their tokens
    /// @param endpoint where, and whom to trust; its own credentials are not used
    AccountClients(Client manager, ApiEndpoint endpoint, EventLoops loops, Timeline timeline, Traffic traffic) {
        this.traffic = traffic;
        this.manager = manager;
        this.endpoint = endpoint.with(Credentials.NONE).with(endpoint.tls().as(() -> null));
        this.loops = loops;
        this.timeline = timeline;
    }

    /// @param account empty: the manager's own identity
    synchronized Client of(String account) {
        return account.isEmpty() ? manager : clients.computeIfAbsent(account, this::connect);
    }

    /// Its account and token are asked for at once, that its first write need not wait for them.
    private HttpsClient connect(String account) {
        AccountToken token = new AccountToken(account);
        asking.add(timeline.start("token-" + account, () -> {
            try {
                token.authorization();
            } catch (IOException e) {
                LOG.atDebug().addKeyValue("err", e.getMessage()).log("An account has no token yet"); // its first request asks again
            }
        }));
        return new HttpsClient(endpoint.with(token), loops, timeline, traffic);
    }

    @Override
    public synchronized void close() {
        asking.forEach(Task::close);
        clients.values().forEach(HttpsClient::close);
    }

    /// The token of one account.
    private final class AccountToken implements Credentials {
        private final String account;
        // both guarded by this
        private @Nullable String token;
        private Instant renewal = Instant.MIN;

        AccountToken(String account) {
            this.account = account;
        }

        @Override
        public synchronized String authorization() throws IOException {
            String known = token;
            if (known == null || !timeline.now().isBefore(renewal)) {
                known = request();
                token = known;
                renewal = timeline.now().plus(LIFE.multipliedBy(4).dividedBy(5));
            }
            return "Bearer " + known;
        }

        @Override
        public synchronized boolean refused() {
            token = null;
            return true;
        }

        private String request() throws IOException {
            try {
                if (manager.find(ServiceAccount.RESOURCE, NAMESPACE, account) == null) {
                    make();
                }
                TokenRequest wanted = TokenRequest.EMPTY.withSpec(TokenRequestSpec.EMPTY.withExpirationSeconds(LIFE.toSeconds()));
                TokenRequest made = (TokenRequest) manager.createSubresource(ServiceAccount.RESOURCE, NAMESPACE, account, "token", wanted, TokenRequest.TYPE, WriteOptions.NONE);
                return made.status().token();
            } catch (ApiException e) {
                throw new IOException("no token for the service account " + NAMESPACE + "/" + account + ": " + e.getMessage(), e);
            }
        }

        private void make() {
            try {
                manager.create(ServiceAccount.RESOURCE, NAMESPACE, ServiceAccount.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(account).withNamespace(NAMESPACE)));
            } catch (ApiException e) {
                if (!e.alreadyExists()) {
                    throw e;
                }
            }
        }
    }
}
