package io.j8s.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What stands in the log and in snapshot files: records, each a tag and its fields. A frame (see [Frames]) holds one or more.
///
/// ```
/// revision  1: number, count, changes         the changes of one committed transaction
/// compact   2: revision                       history below it is gone
/// grant     3: lease, seconds
/// revoke    4: lease                          its keys' deletions stand in a revision record of the same frame
/// base      5: revision, compacted            a snapshot's entries are those of this revision
/// entry     6: key, value, create revision, mod revision, version, lease
/// echo      7: like revision                  the changes of the base's own revision, which its entries hold already
/// end       8: entries, revision              closes a snapshot
/// change       0 key | 1 key value | 2 key value lease     deleted, put, put on a lease
/// ```
/// The position of keys (create revision, version) follows from the order of changes and is not written again.
final class Records {

    private static final int REVISION = 1;
    private static final int COMPACT = 2;
    private static final int GRANT = 3;
    private static final int REVOKE = 4;
    private static final int BASE = 5;
    private static final int ENTRY = 6;
    private static final int ECHO = 7;
    private static final int END = 8;
    private static final int DELETED = 0;
    private static final int PUT = 1;
    private static final int PUT_ON_LEASE = 2;

    private Records() {}

    static void revision(Output out, Revised revised) {
        changes(out.tag(REVISION), revised);
    }

    static void echo(Output out, Revised revised) {
        changes(out.tag(ECHO), revised);
    }

    static void compact(Output out, long revision) {
        out.tag(COMPACT).number(revision);
    }

    static void grant(Output out, Lease lease) {
        out.tag(GRANT).number(lease.id).number(lease.seconds);
    }

    static void revoke(Output out, long lease) {
        out.tag(REVOKE).number(lease);
    }

    static void base(Output out, long revision, long compacted) {
        out.tag(BASE).number(revision).number(compacted);
    }

    static void entry(Output out, Entry entry) {
        out.tag(ENTRY).bytes(entry.key().array()).bytes(entry.value());
        out.number(entry.createRevision()).number(entry.modRevision()).number(entry.version()).number(entry.lease());
    }

    static void end(Output out, long entries, long revision) {
        out.tag(END).number(entries).number(revision);
    }

    private static void changes(Output out, Revised revised) {
        out.number(revised.revision).number(revised.events.size());
        for (Event event : revised.events) {
            switch (event) {
                case Event.Delete delete -> out.tag(DELETED).bytes(delete.key().array());
                case Event.Put(Entry entry, var previous) -> {
                    out.tag(entry.lease() == 0 ? PUT : PUT_ON_LEASE).bytes(entry.key().array()).bytes(entry.value());
                    if (entry.lease() != 0) {
                        out.number(entry.lease());
                    }
                }
            }
        }
    }

    /// Does again, in a draft, what the records of frames say.
    static final class Replay {
        private final Draft draft;
        private final long nowNanos;
        private long base = -1;
        private long baseCompacted;
        private long entries;
        private boolean ended;

        Replay(Draft draft, long nowNanos) {
            this.draft = draft;
            this.nowNanos = nowNanos;
        }

        /// Whether a snapshot's closing record was met.
        boolean ended() {
            return ended;
        }

        /// Does all records of a frame. An [IllegalStateException] or [IndexOutOfBoundsException] tells that they make no sense.
        void frame(Output.Input in) {
            while (in.hasMore()) {
                int tag = in.tag();
                switch (tag) {
                    case REVISION -> revision(in);
                    case COMPACT -> draft.compact(in.number());
                    case GRANT -> draft.grant(new Lease(in.number(), in.number(), nowNanos));
                    case REVOKE -> draft.forget(in.number());
                    case BASE -> base(in);
                    case ENTRY -> entry(in);
                    case ECHO -> echo(in);
                    case END -> end(in);
                    default -> throw new IllegalStateException("unknown record " + tag);
                }
            }
        }

        private void base(Output.Input in) {
            base = in.number();
            baseCompacted = in.number();
            draft.restore(base, baseCompacted, null);
        }

        private void entry(Output.Input in) {
            Key key = Key.wrap(in.bytes());
            draft.restore(new Entry(key, in.bytes(), in.number(), in.number(), in.number(), in.number(), null));
            entries++;
        }

        private void echo(Output.Input in) {
            long revision = in.number();
            long count = in.number();
            List<Event> events = new ArrayList<>();
            for (long i = 0; i < count; i++) {
                Change change = Change.read(in);
                Entry entry = change.value == null ? null : draft.current(change.key);
                if (entry != null && entry.modRevision() == revision) {
                    events.add(new Event.Put(entry, null));
                } else if (change.value == null) {
                    events.add(new Event.Delete(change.key, revision, null));
                }
            }
            draft.restore(base, baseCompacted, new Revised(revision, List.copyOf(events), null));
        }

        private void revision(Output.Input in) {
            long revision = in.number();
            if (revision != draft.revision() + 1) {
                throw new IllegalStateException("revision " + revision + " follows on " + draft.revision());
            }
            long count = in.number();
            for (long i = 0; i < count; i++) {
                Change change = Change.read(in);
                if (change.value == null) {
                    draft.delete(change.key);
                } else {
                    draft.put(change.key, change.value, change.lease, null);
                }
            }
            draft.seal();
        }

        private void end(Output.Input in) {
            long written = in.number();
            long revision = in.number();
            if (written != entries || revision != draft.revision()) {
                throw new IllegalStateException("it ends with " + written + " entries at revision " + revision + ", but " + entries + " at " + draft.revision() + " were read");
            }
            ended = true;
        }
    }

    private record Change(Key key, byte @Nullable [] value, long lease) {

        static Change read(Output.Input in) {
            int tag = in.tag();
            Key key = Key.wrap(in.bytes());
            return switch (tag) {
                case DELETED -> new Change(key, null, 0);
                case PUT -> new Change(key, in.bytes(), 0);
                case PUT_ON_LEASE -> new Change(key, in.bytes(), in.number());
                default -> throw new IllegalStateException("unknown change " + tag);
            };
        }
    }
}
