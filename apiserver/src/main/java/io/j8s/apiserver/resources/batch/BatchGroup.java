package io.j8s.apiserver.resources.batch;

import io.j8s.apiserver.resource.Resource;
import java.util.List;

/// The resources of the group `batch`.
public final class BatchGroup {

    private BatchGroup() {}

    public static List<Resource<?>> resources() {
        return List.of(
                CronJobs.resource(),
                Jobs.resource());
    }
}
