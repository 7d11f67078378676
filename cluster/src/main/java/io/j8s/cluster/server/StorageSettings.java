package io.j8s.cluster.server;

import io.j8s.etcd.EtcdOptions;
import io.j8s.etcd.EtcdStore;
import io.j8s.runtime.Timeline;
import io.j8s.store.LocalStore;
import io.j8s.store.Store;
import io.j8s.store.StoreUnavailableException;
import io.j8s.store.TransformedStore;
import io.j8s.cluster.host.Failure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;

/// Where an API server keeps its objects.
public sealed interface StorageSettings permits StorageSettings.Embedded, StorageSettings.Etcd, EtcdStandIn.Beside {

    /// Opens it; it answers when this returns.
    default Store open(Timeline timeline) {
        return open(timeline, UnaryOperator.identity());
    }

    /// The same, with its values in another form.
    ///
    /// @param sealed over the store itself, where keys are as they are stored
    Store open(Timeline timeline, UnaryOperator<Store> sealed);

    /// What all keys begin with, where they are stored.
    default String prefix() {
        return "/registry/";
    }

    /// In the embedded store.
    record Embedded(Path directory) implements StorageSettings {
        @Override
        public Store open(Timeline timeline, UnaryOperator<Store> sealed) {
            return sealed.apply(LocalStore.open(directory, timeline));
        }
    }

    /// In an etcd (`--etcd-servers` and its fellows).
    ///
    /// @param place what all keys lie below (`--etcd-prefix`)
    record Etcd(EtcdOptions options, String place) implements StorageSettings {
        private static final Duration CHECK = Duration.ofSeconds(2);
        private static final int CHECKS = 30;

        public Etcd {
            place = "/" + place.replaceAll("^/+|/+$", "");
            if (place.equals("/")) {
                throw new IllegalArgumentException("--etcd-prefix: must not be empty: every object needs a place below it, such as /registry");
            }
        }

        @Override
        public String prefix() {
            return place + "/";
        }

        /// Waits for an etcd that is not there yet about as long as upstream does.
        @Override
        public Store open(Timeline timeline, UnaryOperator<Store> sealed) {
            Store store = TransformedStore.placed(sealed.apply(EtcdStore.of(options, timeline)), "/registry/", prefix());
            for (int attempt = 1; ; attempt++) {
                try {
                    store.check(CHECK);
                    return store;
                } catch (StoreUnavailableException e) {
                    if (attempt == CHECKS) {
                        store.close();
                        throw new Failure(Failure.Kind.CONTROL_PLANE, "unable to connect to etcd: " + e.getMessage(), "see that it runs, and what --etcd-servers, --etcd-cafile, "
                                + "--etcd-certfile and --etcd-keyfile say", e);
                    }
                    rest(timeline, store);
                }
            }
        }

        private static void rest(Timeline timeline, Store store) {
            try {
                timeline.sleep(CHECK);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                store.close();
                throw new Failure(Failure.Kind.CONTROL_PLANE, "the start was interrupted while it waited for etcd", "start it again", e);
            }
        }
    }
}
