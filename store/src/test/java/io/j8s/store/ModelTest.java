package io.j8s.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.runtime.Timeline;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random transactions, leases, compactions and restarts, compared step by step with [Model].
class ModelTest {

    private static final int STEPS = 400;

    @TempDir
    Path directory = Path.of("");

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 30);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theStoreInMemoryDoesWhatTheModelDoes(long seed) {
        try (Run run = new Run(seed, LocalStore.inMemory(Timeline.system()))) {
            for (int step = 0; step < STEPS; step++) {
                run.step();
            }
            run.check();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theStoreInADirectoryDoesWhatTheModelDoesWhateverIsRestartedAndSnapshotted(long seed) {
        LocalStore.Options options = new LocalStore.Options(Disk.SYSTEM, 700, seed % 3 == 0 ? 1L << 30 : 1500);
        Random restarts = new Random(-seed);
        Run run = new Run(seed, LocalStore.open(directory, Timeline.system(), options));
        for (int step = 0; step < STEPS; step++) {
            run.step();
            if (restarts.nextInt(40) == 0) {
                run.close();
                run = new Run(run, LocalStore.open(directory, Timeline.system(), options));
                run.check();
            }
        }
        run.check();
        run.close();
    }

    /// One store going through random steps.
    private static final class Run implements AutoCloseable {
        private final Random random;
        private final Store store;
        private final Model model;
        private final List<String> told = new ArrayList<>();
        private final long toldAfter;
        private final Store.Subscription subscription;
        /// Taken some time ago, with what they must show for ever.
        private final List<Snapshot> kept = new ArrayList<>();

        Run(long seed, Store store) {
            this(new Random(seed), store, new Model());
        }

        Run(Run before, Store store) {
            this(before.random, store, before.model);
        }

        private Run(Random random, Store store, Model model) {
            this.random = random;
            this.store = store;
            this.model = model;
            this.toldAfter = store.revision();
            this.subscription = store.subscribe(KeyRange.ALL, toldAfter, (revision, events) -> events.forEach(event -> told.add(Model.describe(event, true))));
        }

        void step() {
            int choice = random.nextInt(100);
            if (choice < 80) {
                Transaction transaction = transaction(1);
                Committed committed = store.commit(transaction);
                assertThat(committed.succeeded()).isEqualTo(model.commit(transaction));
                assertThat(committed.revision()).isEqualTo(model.revision());
            } else if (choice < 85) {
                model.leases.put(store.grantLease(0, 600), 600L);
            } else if (choice < 90) {
                revoke();
            } else if (choice < 93 && model.revision() > model.compacted + 3) {
                model.compacted += 1 + random.nextInt((int) (model.revision() - model.compacted));
                store.compact(model.compacted);
            } else if (choice < 96) {
                kept.add(store.snapshot());
            } else {
                checkOne(random.nextLong(Math.max(1, model.compacted), model.revision() + 1));
            }
        }

        private void revoke() {
            if (!model.leases.isEmpty()) {
                long lease = model.leases.firstKey();
                assertThat(Objects.requireNonNull(store.lease(lease)).keys().stream().map(Key::toString)).containsExactlyElementsOf(model.keysOf(lease));
                assertThat(store.revokeLease(lease)).isTrue();
                model.revoke(lease);
            }
        }

        private Key key() {
            return Key.of("k" + (char) ('a' + random.nextInt(12)));
        }

        private KeyRange range() {
            Key one = key();
            Key other = key();
            return one.compareTo(other) < 0 ? new KeyRange(one, other) : KeyRange.only(one);
        }

        private Transaction transaction(int depth) {
            List<Condition> conditions = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                conditions.add(condition());
            }
            return new Transaction(conditions, operations(depth), operations(depth));
        }

        private Condition condition() {
            KeyRange keys = random.nextInt(4) == 0 ? range() : KeyRange.only(key());
            Condition.Operator operator = Condition.Operator.values()[random.nextInt(4)];
            return switch (random.nextInt(4)) {
                case 0 -> new Condition.Version(keys, operator, random.nextInt(3));
                case 1 -> new Condition.ModRevision(keys, operator, random.nextLong(model.revision() + 1));
                case 2 -> new Condition.CreateRevision(keys, operator, random.nextLong(model.revision() + 1));
                default -> new Condition.Value(keys, operator, value());
            };
        }

        private byte[] value() {
            return ("v" + random.nextInt(4) + "x".repeat(random.nextInt(30))).getBytes(UTF_8);
        }

        private List<Operation> operations(int depth) {
            List<Operation> operations = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                List<Operation> more = new ArrayList<>(operations);
                more.add(operation(depth));
                if (allowed(more)) {
                    operations = more;
                }
            }
            return operations;
        }

        private static boolean allowed(List<Operation> operations) {
            try {
                TransactionCheck.check(new Transaction(List.of(), operations, List.of()));
                return true;
            } catch (InvalidTransactionException e) {
                return false;
            }
        }

        private Operation operation(int depth) {
            int choice = random.nextInt(10);
            if (choice < 6) {
                List<Long> leases = new ArrayList<>(model.leases.keySet());
                Collections.shuffle(leases, random);
                return new Operation.Put(key(), value(), leases.isEmpty() || random.nextInt(3) > 0 ? 0 : leases.getFirst(), null);
            }
            return choice < 9 || depth == 0 ? new Operation.Delete(random.nextBoolean() ? range() : KeyRange.only(key())) : new Operation.Nested(transaction(depth - 1));
        }

        void check() {
            assertThat(store.revision()).isEqualTo(model.revision());
            assertThat(store.compactedRevision()).isEqualTo(model.compacted);
            assertThat(store.leases()).containsExactlyInAnyOrderElementsOf(model.leases.keySet());
            for (long revision = Math.max(1, model.compacted); revision <= model.revision(); revision++) {
                checkOne(revision);
            }
            for (Snapshot snapshot : kept) {
                assertThat(texts(snapshot)).containsExactlyElementsOf(model.contents.get((int) snapshot.revision()).values());
            }
            if (model.compacted > 1) {
                assertThatThrownBy(() -> store.snapshot(model.compacted - 1)).isInstanceOf(CompactedException.class);
                assertThatThrownBy(() -> store.subscribe(KeyRange.ALL, model.compacted - 2, (revision, events) -> {})).isInstanceOf(CompactedException.class);
            }
            assertThat(told).containsExactlyElementsOf(model.events.stream().skip(toldAfter + 1).flatMap(List::stream).toList());
            checkReplay();
        }

        /// All that is left of history comes, in order, to a late subscriber; only of the oldest revision it may be unknown what was before.
        private void checkReplay() {
            long from = Math.max(1, model.compacted);
            List<String> replayed = new ArrayList<>();
            store.subscribe(KeyRange.ALL, from, (revision, events) -> events.forEach(event -> replayed.add(Model.describe(event, true)))).close();
            assertThat(replayed).containsExactlyElementsOf(model.events.stream().skip(from + 1).flatMap(List::stream).toList());
            if (model.compacted > 1) {
                List<Long> first = new ArrayList<>();
                store.subscribe(KeyRange.ALL, from - 1, (revision, events) -> first.add(revision)).close();
                assertThat(first).containsExactlyElementsOf(LongStream.rangeClosed(from, model.revision()).boxed().toList());
            }
        }

        private void checkOne(long revision) {
            Snapshot snapshot = store.snapshot(revision);
            assertThat(texts(snapshot)).as("revision %s", revision).containsExactlyElementsOf(model.contents.get((int) revision).values());
            assertThat(snapshot.count(KeyRange.ALL)).isEqualTo(model.contents.get((int) revision).size());
        }

        private static List<String> texts(Snapshot snapshot) {
            List<String> texts = new ArrayList<>();
            snapshot.forEach(KeyRange.ALL, entry -> texts.add(Model.describe(entry)));
            return texts;
        }

        @Override
        public void close() {
            subscription.close();
            store.close();
        }
    }
}
