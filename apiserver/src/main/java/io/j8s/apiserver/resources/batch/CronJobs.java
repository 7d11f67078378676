package io.j8s.apiserver.resources.batch;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.batch.v1.CronJob;

/// `cronjobs.batch`
final class CronJobs {

    private CronJobs() {}

    static Resource<CronJob> resource() {
        return Resource.of(CronJob.RESOURCE)
                .shortNames("cj")
                .categories("all")
                .generationOfSpec()
                .status((object, old, errors) -> {})
                .build();
    }
}
