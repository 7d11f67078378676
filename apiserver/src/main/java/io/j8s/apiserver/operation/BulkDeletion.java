package io.j8s.apiserver.operation;

import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Deletes many objects of one request, several at a time: those that wait for the store together become durable together.
///
/// What is gone already is passed over; the first refusal of another kind ends it, and is thrown.
public final class BulkDeletion {
    private static final int MOST_AT_ONCE = 16;
    private static final int FEW = 4;

    private final Deletions deletions;
    private final Timeline timeline;

    public BulkDeletion(Deletions deletions, Timeline timeline) {
        this.deletions = deletions;
        this.timeline = timeline;
    }

    /// @param target names the resource; objects may be of any namespace
    /// @param call gets the warnings of all
    /// @throws Refusal the first; others may have been deleted before, and meanwhile
    public <T extends Struct> void delete(Target<T> target, Call call, Deletions.Policy policy, List<Stored<T>> objects) {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        List<Call> calls = new ArrayList<>();
        List<Task> tasks = new ArrayList<>();
        for (int i = 1; i < Math.min(MOST_AT_ONCE, objects.size() / FEW); i++) {
            Call own = call.fork();
            calls.add(own);
            tasks.add(timeline.start("delete-" + target.plural(), () -> run(target, own, policy, objects, next, failure)));
        }
        run(target, call, policy, objects, next, failure);
        join(tasks, failure);
        calls.forEach(call::gather);
        RuntimeException refused = failure.get();
        if (refused != null) {
            throw refused;
        }
    }

    private static void join(List<Task> tasks, AtomicReference<@Nullable RuntimeException> failure) {
        try {
            for (Task task : tasks) {
                task.join();
            }
        } catch (InterruptedException e) {
            failure.compareAndSet(null, new IllegalStateException("interrupted while deleting a collection", e));
            tasks.forEach(Task::close);
            Thread.currentThread().interrupt();
        }
    }

    private <T extends Struct> void run(Target<T> target, Call call, Deletions.Policy policy, List<Stored<T>> objects, AtomicInteger next, AtomicReference<@Nullable RuntimeException> failure) {
        for (int i = next.getAndIncrement(); i < objects.size() && failure.get() == null; i = next.getAndIncrement()) {
            ObjectMeta meta = Objects.metadata(objects.get(i).object());
            try {
                deletions.delete(target.in(meta.namespace()).named(meta.name()), call, policy, true);
            } catch (Refusal refusal) {
                if (refusal.code() != 404) {
                    failure.compareAndSet(null, refusal);
                }
            } catch (RuntimeException e) {
                failure.compareAndSet(null, e);
            }
        }
    }
}
