package io.j8s.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the store makes of files that are not as it left them.
class DamageTest {

    private static final LocalStore.Options SMALL = new LocalStore.Options(Disk.SYSTEM, 400, 1L << 30);

    @TempDir
    Path directory = Path.of("");

    private static LocalStore open(Path directory) {
        return LocalStore.open(directory, Timeline.system());
    }

    private static void put(Store store, String key, String value) {
        store.commit(Transaction.of(new Operation.Put(Key.of(key), value.getBytes(UTF_8))));
    }

    private static List<String> contents(Path directory) {
        try (Store store = open(directory)) {
            return contents(store);
        }
    }

    private static List<String> contents(Store store) {
        List<String> found = new ArrayList<>();
        store.snapshot().forEach(KeyRange.ALL, entry -> found.add(entry.key() + "=" + new String(entry.value(), UTF_8)));
        return found;
    }

    private List<Path> files(String prefix) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix)).sorted().toList();
        }
    }

    /// The positions at which the frames of a segment begin, and, last, where they end.
    private static List<Integer> frames(byte[] segment) {
        List<Integer> starts = new ArrayList<>();
        int at = Frames.HEADER;
        starts.add(at);
        while (at + Frames.FRAME_HEADER <= segment.length && ByteBuffer.wrap(segment).getInt(at) > 0) {
            at += Frames.FRAME_HEADER + ByteBuffer.wrap(segment).getInt(at);
            starts.add(at);
        }
        return starts;
    }

    @Test
    void aLastWriteTornAtAnyByteIsCutOff() throws IOException {
        try (Store store = open(directory)) {
            put(store, "a", "1");
            put(store, "b", "2");
            put(store, "c", "torn");
        }
        Path log = files("log-").getFirst();
        byte[] whole = Files.readAllBytes(log);
        List<Integer> frames = frames(whole);
        int start = frames.get(2);
        int end = frames.get(3);
        for (int at = start; at < end; at++) {
            Files.write(log, Arrays.copyOf(whole, at));
            assertThat(contents(directory)).as("file ends at %s", at).containsExactly("a=1", "b=2");
            byte[] zeroed = whole.clone();
            Arrays.fill(zeroed, at, end, (byte) 0);
            Files.write(log, zeroed);
            assertThat(contents(directory)).as("zeros from %s", at).containsExactly("a=1", "b=2");
            byte[] headless = whole.clone();
            Arrays.fill(headless, start, Math.max(at, start + 3) + 1, (byte) 0);
            Files.write(log, headless);
            try (Store store = open(directory)) {
                assertThat(contents(store)).as("zeros up to %s", at).containsExactly("a=1", "b=2");
                assertThat(store.revision()).isEqualTo(3);
                put(store, "d", "4");
            }
            assertThat(contents(directory)).containsExactly("a=1", "b=2", "d=4");
        }
    }

    @Test
    void damageBeforeTheEndOfASegmentIsReportedWithItsPlace() throws IOException {
        try (Store store = open(directory)) {
            put(store, "a", "1");
            put(store, "b", "2");
            put(store, "c", "3");
        }
        Path log = files("log-").getFirst();
        byte[] whole = Files.readAllBytes(log);
        List<Integer> frames = frames(whole);
        for (int at = frames.get(0); at < frames.get(2); at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            Files.write(log, damaged);
            long expected = at < frames.get(1) ? frames.get(0) : frames.get(1);
            assertCorrupt(log, expected);
        }
        Files.write(log, whole);
        assertThat(contents(directory)).containsExactly("a=1", "b=2", "c=3");
    }

    @Test
    void damageInAnEarlierSegmentIsReportedEvenInItsLastFrame() throws IOException {
        writeSegments();
        Path log = files("log-").get(1);
        byte[] damaged = Files.readAllBytes(log);
        damaged[damaged.length - 1] ^= 1;
        Files.write(log, damaged);
        List<Integer> frames = frames(damaged);
        assertCorrupt(log, frames.get(frames.size() - 2));
        Files.write(log, Arrays.copyOf(damaged, damaged.length - 1));
        assertCorrupt(log, frames.get(frames.size() - 2));
    }

    @Test
    void aMissingSegmentIsReported() throws IOException {
        writeSegments();
        Files.delete(files("log-").get(1));
        assertCorrupt(files("log-").getFirst(), Files.size(files("log-").getFirst()));
        Files.delete(files("log-").getFirst());
        assertCorrupt(files("log-").getFirst(), 24);
    }

    private void writeSegments() {
        try (Store store = LocalStore.open(directory, Timeline.system(), SMALL)) {
            for (int i = 0; i < 40; i++) {
                put(store, "key" + i, "value");
            }
        }
    }

    @Test
    void aDamagedSnapshotIsReported() throws IOException {
        LocalStore.Options options = new LocalStore.Options(Disk.SYSTEM, 400, 1000);
        try (Store store = LocalStore.open(directory, Timeline.system(), options)) {
            for (int i = 0; i < 200; i++) {
                put(store, "key" + i % 10, "value" + i);
            }
        }
        Path snapshot = files("snapshot-").getLast();
        byte[] whole = Files.readAllBytes(snapshot);
        for (int at : new int[] {Frames.HEADER + 3, Frames.HEADER + 30, whole.length - 1}) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            Files.write(snapshot, damaged);
            assertCorrupt(snapshot, Frames.HEADER);
        }
        Files.write(snapshot, whole);
        Files.write(directory.resolve("snapshot-00000000000fffff-0000.new"), new byte[] {1, 2, 3});
        assertThat(contents(directory)).hasSize(10).contains("key9=value199");
        assertThat(files("snapshot-")).hasSize(1);
    }

    private void assertCorrupt(Path file, long offset) {
        assertThatThrownBy(() -> open(directory).close()).isInstanceOfSatisfying(CorruptStoreException.class, e -> {
            assertThat(e.file()).isEqualTo(file);
            assertThat(e.offset()).isEqualTo(offset);
            assertThat(e).hasMessageContaining(file.toString()).hasMessageContaining("byte " + offset);
        });
    }

    @Test
    void aNewerFormatIsRefusedInWords() throws IOException {
        try (Store store = open(directory)) {
            put(store, "a", "1");
        }
        Path log = files("log-").getFirst();
        byte[] newer = Files.readAllBytes(log);
        newer[11] = 2;
        Files.write(log, newer);
        assertThatThrownBy(() -> open(directory).close()).isInstanceOf(StoreOpenException.class).hasMessageContaining("format 2").hasMessageContaining("newer version");
    }

    @Test
    void aDirectoryIsOpenedOnceAtATime() {
        try (Store store = open(directory)) {
            assertThat(store.revision()).isEqualTo(1);
            assertThatThrownBy(() -> open(directory).close()).isInstanceOf(StoreOpenException.class).hasMessageContaining("already open");
        }
        open(directory).close();
    }

    @Test
    void filesBelongToTheirOwnerOnly() throws IOException {
        Path made = directory.resolve("made").resolve("here");
        try (Store store = open(made)) {
            put(store, "a", "1");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made))).isEqualTo("rwx------");
            try (var files = Files.list(made)) {
                assertThat(files.toList()).isNotEmpty().allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------"));
            }
        }
    }
}
