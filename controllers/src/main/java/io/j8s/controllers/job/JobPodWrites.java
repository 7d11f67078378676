package io.j8s.controllers.job;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.ObjectKey;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.controllers.frame.Batches;
import io.j8s.controllers.frame.OwnWrites;
import io.j8s.controllers.pods.PodControl;
import io.j8s.controllers.pods.Pods;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.core.v1.Pod;
import io.j8s.runtime.Timeline;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What a reconciliation of a job writes; every write is remembered until the caches show it.
final class JobPodWrites {
    private static final String RELEASE = "{\"metadata\":{\"$deleteFromPrimitiveList/finalizers\":[\"" + JobPods.FINALIZER + "\"]}}";

    private final Client client;
    private final Timeline time;
    private final PodControl control;
    private final OwnWrites<ObjectKey> podWrites;
    private final OwnWrites<ObjectKey> jobWrites;
    private Job stored;
    private @Nullable ApiException lastError;
    private String action = "tracking";

    /// @param removed pods that are gone or on their way
    /// @param ready how many of them were ready
    record Removal(int removed, int ready, @Nullable ApiException error) {}

    record Creation(int created, @Nullable ApiException error) {}

    JobPodWrites(Client client, Timeline time, PodControl control, OwnWrites<ObjectKey> podWrites, OwnWrites<ObjectKey> jobWrites, Job stored) {
        this.client = client;
        this.time = time;
        this.control = control;
        this.podWrites = podWrites;
        this.jobWrites = jobWrites;
        this.stored = stored;
    }

    private static ObjectKey key(Job job) {
        return new ObjectKey(job.metadata().namespace(), job.metadata().name());
    }

    /// Writes the status if it differs from what is stored.
    Job status(Job job) {
        if (!job.status().equals(stored.status())) {
            stored = client.updateStatus(Job.RESOURCE, job.metadata().namespace(), job);
            jobWrites.wrote(key(job), stored);
            return stored;
        }
        return job;
    }

    /// What was done beside counting, as upstream's metrics call it.
    String action() {
        return action;
    }

    Creation create(Job job, List<Pod> pods) throws InterruptedException {
        action = pods.isEmpty() ? action : "pods_created";
        Batches.Result result = Batches.slowStart(time, "job-create", pods, pod -> podWrites.wrote(key(job), control.create(job, job.metadata().namespace(), pod)));
        ApiException error = result.error();
        return new Creation(result.done(), error == null || PodControl.namespaceTerminating(error) ? null : error);
    }

    /// Deletes pods; those that will not be counted lose their finalizer first.
    Removal delete(Job job, List<Pod> pods, boolean uncounted) throws InterruptedException {
        action = pods.isEmpty() ? action : "pods_deleted";
        AtomicInteger ready = new AtomicInteger();
        Batches.Result result = Batches.each(time, "job-delete", pods, pod -> {
            if (uncounted) {
                release(job, pod);
            }
            podWrites.willDelete(pod.metadata().uid());
            try {
                control.delete(job, pod);
            } catch (ApiException e) {
                podWrites.didNotDelete(pod.metadata().uid());
                throw e;
            }
            ready.addAndGet(Pods.ready(pod) ? 1 : 0);
        });
        return new Removal(result.done(), ready.get(), result.error());
    }

    /// Takes the finalizers of counted pods away; answers the uids of those where it worked.
    Set<String> release(Job job, List<Pod> pods) throws InterruptedException {
        Set<String> released = ConcurrentHashMap.newKeySet();
        Batches.Result result = Batches.each(time, "job-release", pods, pod -> {
            release(job, pod);
            released.add(pod.metadata().uid());
        });
        lastError = result.error();
        return released;
    }

    private void release(Job job, Pod pod) {
        try {
            podWrites.wrote(key(job), client.patch(Pod.RESOURCE, pod.metadata().namespace(), pod.metadata().name(), new Patch.Strategic(RELEASE), WriteOptions.NONE));
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    /// Why a finalizer could not be taken away.
    @Nullable ApiException lastError() {
        return lastError;
    }
}
