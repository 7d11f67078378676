package io.j8s.store;

import java.util.function.Consumer;

/// Makes what was drafted durable, and then visible.
///
/// The store calls all but [#close()] with its lock held.
interface Committer extends AutoCloseable {

    /// The changes made to the draft since the last call belong together; `records` has been asked to write them down.
    /// The answer is to be waited for without the lock.
    Pending committed(Consumer<Output> records);

    /// What everything drafted so far depends on.
    Pending drafted();

    /// Waits, without the lock, until there is room for another change.
    void awaitRoom();

    @Override
    void close();

    /// Something that becomes durable.
    @FunctionalInterface
    interface Pending {

        Pending NOTHING = () -> {};

        /// Returns once it is durable and published; throws [StoreUnavailableException] when it was not done.
        void await();
    }

    /// Keeps nothing: what is drafted is published at once.
    final class Immediate implements Committer {
        private final Draft draft;
        private final Publisher publisher;

        Immediate(Draft draft, Publisher publisher) {
            this.draft = draft;
            this.publisher = publisher;
        }

        @Override
        public Pending committed(Consumer<Output> records) {
            long compacted = publisher.state().compacted();
            if (draft.compacted() > compacted) {
                for (Key key : Compaction.keys(draft.newest(), draft.compacted())) {
                    draft.prune(key);
                }
                Compaction.cut(draft.newest(), draft.compacted());
            }
            publisher.publish(draft.freeze());
            return Pending.NOTHING;
        }

        @Override
        public Pending drafted() {
            return Pending.NOTHING;
        }

        @Override
        public void awaitRoom() {}

        @Override
        public void close() {}
    }
}
