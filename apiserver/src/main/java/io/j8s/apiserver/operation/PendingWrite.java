package io.j8s.apiserver.operation;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.registry.Tables;
import io.j8s.apiserver.resource.ClusterState;
import io.j8s.apiserver.resource.WriteContext;
import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import io.j8s.runtime.Timeline;
import io.j8s.store.Condition;
import io.j8s.store.Operation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// One attempt to write an object: what its strategy may use, and what it asks to be written or given back with it.
final class PendingWrite implements WriteContext {

    private final Tables tables;
    private final Timeline timeline;
    private final Call call;
    private final String namespace;
    private final String name;
    private final boolean dryRun;
    private final List<Condition> conditions = new ArrayList<>(1);
    private final List<Operation> operations = new ArrayList<>(1);
    private final List<Runnable> releases = new ArrayList<>(0);

    PendingWrite(Tables tables, Timeline timeline, Call call, String namespace, String name, boolean dryRun) {
        this.tables = tables;
        this.timeline = timeline;
        this.call = call;
        this.namespace = namespace;
        this.name = name;
        this.dryRun = dryRun;
    }

    @Override
    public User user() {
        return call.user();
    }

    @Override
    public String namespace() {
        return namespace;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Instant now() {
        return timeline.now().truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    public RandomGenerator random() {
        return timeline.random();
    }

    @Override
    public boolean dryRun() {
        return dryRun;
    }

    @Override
    public ClusterState state() {
        return tables;
    }

    @Override
    public void warn(String text) {
        call.warn(text);
    }

    @Override
    public <X extends Struct> void alsoPut(ApiResource<X> resource, X object) {
        tables.alsoPut(resource, object, conditions, operations);
    }

    @Override
    public <X extends Struct> void alsoDelete(ApiResource<X> resource, String ofNamespace, String ofName) {
        tables.alsoDelete(resource, ofNamespace, ofName, operations);
    }

    @Override
    public void onFailure(Runnable release) {
        releases.add(release);
    }

    List<Condition> conditions() {
        return conditions;
    }

    List<Operation> operations() {
        return operations;
    }

    /// Gives back, last first, what was reserved.
    void release() {
        for (int i = releases.size() - 1; i >= 0; i--) {
            releases.get(i).run();
        }
    }
}
