package io.j8s.etcd;

import io.j8s.runtime.Timeline;
import io.j8s.store.Store;
import io.j8s.store.StoreConformance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The conformance suite over a real etcd.
class EtcdStoreTest extends StoreConformance {

    private static @Nullable EtcdProcess etcd;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        etcd = EtcdProcess.start(directory);
    }

    @AfterAll
    static void stop() {
        Objects.requireNonNull(etcd).close();
    }

    @Override
    protected Store open() {
        return EtcdStore.of(EtcdOptions.of(Objects.requireNonNull(etcd).endpoint()), Timeline.system());
    }
}
