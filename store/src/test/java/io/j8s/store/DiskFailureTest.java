package io.j8s.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the store does when the disk fails it.
class DiskFailureTest {

    @TempDir
    Path directory = Path.of("");

    private final FailingDisk disk = new FailingDisk();
    private final LocalStore.Options options = new LocalStore.Options(disk, 32 << 20, 64 << 20);

    private LocalStore open() {
        return LocalStore.open(directory, Timeline.system(), options);
    }

    private static long put(Store store, String key) {
        return store.commit(Transaction.of(new Operation.Put(Key.of(key), new byte[100]))).revision();
    }

    private static String keys(Store store) {
        List<String> found = new ArrayList<>();
        store.snapshot().forEach(KeyRange.ALL, entry -> found.add(entry.key().toString()));
        return String.join(" ", found);
    }

    @Test
    void aFullDiskRefusesWritesOnlyAndOnlyWhileItIsFull() {
        try (Store store = open()) {
            put(store, "a");
            disk.room = 50;
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> put(store, "refused"))
                        .isInstanceOfSatisfying(StoreUnavailableException.class, e -> assertThat(e.outcomeUnknown()).isFalse())
                        .hasMessageContaining("No space left on device");
            }
            assertThat(keys(store)).isEqualTo("a");
            assertThat(store.commit(Transaction.of(new Operation.Read(KeyRange.ALL))).results()).hasSize(1);
            disk.room = Long.MAX_VALUE;
            assertThat(put(store, "b")).isEqualTo(3);
            assertThat(keys(store)).isEqualTo("a b");
        }
        try (Store store = open()) {
            assertThat(keys(store)).isEqualTo("a b");
            assertThat(store.revision()).isEqualTo(3);
        }
    }

    @Test
    void aFailedSyncIsNeverTakenForSuccess() {
        try (Store store = open()) {
            put(store, "a");
            disk.syncsToFail = 1;
            assertThatThrownBy(() -> put(store, "refused"))
                    .isInstanceOfSatisfying(StoreUnavailableException.class, e -> assertThat(e.outcomeUnknown()).isFalse());
            assertThat(keys(store)).isEqualTo("a");
            assertThat(put(store, "b")).isEqualTo(3);
        }
        try (Store store = open()) {
            assertThat(keys(store)).as("the frame whose sync failed stands in the first segment, but does not count").isEqualTo("a b");
        }
    }

    @Test
    void whenNoNewSegmentCanBeBegunAfterAFailedSyncTheOutcomeIsUnknownUntilOneCan() {
        try (Store store = open()) {
            put(store, "a");
            disk.syncsToFail = 3;
            assertThatThrownBy(() -> put(store, "unknown"))
                    .isInstanceOfSatisfying(StoreUnavailableException.class, e -> assertThat(e.outcomeUnknown()).isTrue());
            assertThatThrownBy(() -> put(store, "refused"))
                    .isInstanceOfSatisfying(StoreUnavailableException.class, e -> assertThat(e.outcomeUnknown()).isFalse());
            assertThat(put(store, "b")).isEqualTo(3);
            assertThat(keys(store)).isEqualTo("a b");
        }
        try (Store store = open()) {
            assertThat(keys(store)).isEqualTo("a b");
        }
    }

    @Test
    void leasesAndVersionsAreAsBeforeWhenAWriteFailed() {
        try (Store store = open()) {
            long lease = store.grantLease(0, 600);
            store.commit(Transaction.of(new Operation.Put(Key.of("a"), "1".getBytes(UTF_8), lease, null)));
            disk.room = 0;
            assertThatThrownBy(() -> store.revokeLease(lease)).isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> store.compact(2)).isInstanceOf(StoreUnavailableException.class);
            disk.room = Long.MAX_VALUE;
            assertThat(Objects.requireNonNull(store.lease(lease)).keys()).containsExactly(Key.of("a"));
            assertThat(store.compactedRevision()).isZero();
            assertThat(store.revokeLease(lease)).isTrue();
            assertThat(keys(store)).isEmpty();
            assertThat(store.revision()).isEqualTo(3);
        }
    }

    /// The system's disk with little room and syncs that fail, as told.
    private static final class FailingDisk implements Disk {
        volatile long room = Long.MAX_VALUE;
        volatile int syncsToFail;

        @Override
        public Data open(Path file) throws IOException {
            return new FailingData(SYSTEM.open(file));
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            SYSTEM.rename(from, to);
        }

        @Override
        public void delete(Path file) throws IOException {
            SYSTEM.delete(file);
        }

        private final class FailingData implements Data {
            private final Data data;

            FailingData(Data data) {
                this.data = data;
            }

            @Override
            public void read(ByteBuffer into, long position) throws IOException {
                data.read(into, position);
            }

            @Override
            public void write(ByteBuffer from, long position) throws IOException {
                if (from.remaining() > room) {
                    data.write(from.slice(from.position(), (int) room), position);
                    throw new IOException("No space left on device");
                }
                data.write(from, position);
            }

            @Override
            public void sync() throws IOException {
                data.sync();
                if (syncsToFail > 0) {
                    syncsToFail--;
                    throw new IOException("Input/output error");
                }
            }

            @Override
            public void truncate(long size) throws IOException {
                data.truncate(size);
            }

            @Override
            public long size() throws IOException {
                return data.size();
            }

            @Override
            public void close() throws IOException {
                data.close();
            }
        }
    }
}
